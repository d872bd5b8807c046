package dev.thrum.web;

/// Marks handlers that run on a thread of their own.
interface Beside {}
