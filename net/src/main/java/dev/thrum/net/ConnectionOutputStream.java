package dev.thrum.net;

import java.io.IOException;
import java.io.OutputStream;

/// A connection's output for libraries of the JDK.
final class ConnectionOutputStream extends OutputStream {
  private final Connection connection;

  ConnectionOutputStream(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void write(int one) throws IOException {
    connection.write(new byte[] {(byte) one});
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    connection.write(bytes, from, count);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
