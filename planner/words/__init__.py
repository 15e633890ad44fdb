"""What pages, files and e-mails say, in the reader's language: a file for each corridor, or for a part of one."""
