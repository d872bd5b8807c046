//go:build pq

package main

import (
	"database/sql"
	"math/rand"
	"net/http"
	"os"

	_ "github.com/lib/pq"
)

const (
	databaseVersion = ", lib/pq"
	connections     = 16
	rows            = 10_000
)

var byID *sql.Stmt

type product struct {
	ID    int     `json:"id"`
	Name  string  `json:"name"`
	Price float64 `json:"price"`
}

// What the environment names, as libpq would have it.
func openDatabase() {
	if os.Getenv("PGHOST") == "" {
		return
	}
	pool, err := sql.Open("postgres", "")
	if err != nil {
		panic(err)
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	byID, err = pool.Prepare("SELECT id, name, price FROM product WHERE id = $1")
	if err != nil {
		panic(err)
	}
}

func getProduct(w http.ResponseWriter, r *http.Request) {
	if byID == nil {
		w.WriteHeader(http.StatusNotImplemented)
		return
	}
	var found product
	row := byID.QueryRow(1 + rand.Intn(rows))
	if row.Scan(&found.ID, &found.Name, &found.Price) != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	sayJSON(w, found)
}
