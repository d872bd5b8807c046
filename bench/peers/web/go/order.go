package main

import (
	"encoding/json"
	"net/http"
	"strings"
)

type customer struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

type line struct {
	SKU      string  `json:"sku"`
	Quantity int     `json:"quantity"`
	Price    float64 `json:"price"`
}

type order struct {
	ID       int      `json:"id"`
	Customer customer `json:"customer"`
	Lines    []line   `json:"lines"`
	Note     string   `json:"note"`
	Express  bool     `json:"express"`
}

type receipt struct {
	ID       int     `json:"id"`
	Customer string  `json:"customer"`
	Lines    int     `json:"lines"`
	Total    float64 `json:"total"`
	Express  bool    `json:"express"`
}

func postOrder(w http.ResponseWriter, r *http.Request) {
	var order order
	if json.NewDecoder(r.Body).Decode(&order) != nil || !order.valid() {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	sayJSON(w, order.receipt())
}

func (o *order) valid() bool {
	name := len(o.Customer.Name)
	if o.ID < 1 || name < 1 || name > 100 || !strings.Contains(o.Customer.Email, "@") || len(o.Lines) == 0 {
		return false
	}
	for _, line := range o.Lines {
		if line.SKU == "" || line.Quantity < 1 || line.Quantity > 1000 || line.Price < 0 {
			return false
		}
	}
	return true
}

func (o *order) receipt() receipt {
	total := 0.0
	for _, line := range o.Lines {
		total += float64(line.Quantity) * line.Price
	}
	return receipt{o.ID, o.Customer.Name, len(o.Lines), total, o.Express}
}
