package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
)

const echoBuffer = 64 * 1024

// The echo server: prints its port, and ends with its standard input.
func serveEcho() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go answer()
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	for {
		connection, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		go echo(connection)
	}
}

func echo(connection net.Conn) {
	defer connection.Close()
	buffer := make([]byte, echoBuffer)
	for {
		count, err := connection.Read(buffer)
		if err != nil {
			return
		}
		if _, err := connection.Write(buffer[:count]); err != nil {
			return
		}
	}
}

// What is asked is the memory in use.
func answer() {
	for questions := bufio.NewScanner(os.Stdin); questions.Scan(); {
		fmt.Println(liveMemory())
	}
	os.Exit(0)
}
