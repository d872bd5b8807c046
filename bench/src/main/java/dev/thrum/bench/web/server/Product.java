package dev.thrum.bench.web.server;

/// A row of the table, which `GET /db` answers.
record Product(int id, String name, double price) {}
