package dev.thrum.net;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/// A connection's input for libraries of the JDK.
final class ConnectionInputStream extends InputStream {
  private final Connection connection;
  private final ReadHalf input;

  ConnectionInputStream(Connection connection, ReadHalf input) {
    this.connection = connection;
    this.input = input;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return input.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, to.length);
    return input.read(to, from, count);
  }

  @Override
  public int available() {
    return input.available();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
