"""Webhooks: who is told of what (`subscriptions`), what is on its way (`outbox`), and each try to tell it (`tries`)."""
