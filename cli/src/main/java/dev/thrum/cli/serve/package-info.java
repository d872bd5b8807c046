/// The verbs for web applications: `serve` and `routes`.
package dev.thrum.cli.serve;
