module thrum.dev/bench

go 1.19
