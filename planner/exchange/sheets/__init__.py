"""Spreadsheets in and out: what people edit where they like to, and bring back.

What reads a file (`opening` and what it imports) runs in the bounded child only, and answers in what JSON can say.
"""
