package dev.thrum.bench.web.server;

/// What `POST /json` answers.
record Receipt(int id, String customer, int lines, double total, boolean express) {}
