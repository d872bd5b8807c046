package dev.thrum.internal.process;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The socket at which one child reports, in a folder that only this user can enter. Both go as
/// soon as it has.
public final class Rendezvous implements AutoCloseable {
  private static final Set<Rendezvous> OPEN = ConcurrentHashMap.newKeySet();
  private static final int LONGEST_PATH = 100;

  static {
    try {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> OPEN.forEach(Rendezvous::forget), "thrum-sockets-end"));
    } catch (IllegalStateException _) {
      // the JVM is ending already
    }
  }

  private final ServerSocketChannel server;
  private final Path socket;

  private Rendezvous(ServerSocketChannel server, Path socket) {
    this.server = server;
    this.socket = socket;
  }

  /// Opens one.
  ///
  /// @return the open socket; it does not block
  /// @throws IOException if there is no place for it
  public static Rendezvous open() throws IOException {
    Path folder = folder();
    Rendezvous opened =
        new Rendezvous(
            ServerSocketChannel.open(StandardProtocolFamily.UNIX), folder.resolve("socket"));
    OPEN.add(opened);
    try {
      opened.server.bind(UnixDomainSocketAddress.of(opened.socket)).configureBlocking(false);
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /// The system's folder for temporary files, unless a socket's path cannot be that long.
  private static Path folder() throws IOException {
    Path folder = Files.createTempDirectory("thrum-");
    Path other = Path.of("/tmp");
    if (folder.toString().length() <= LONGEST_PATH || !Files.isWritable(other)) {
      return folder;
    }
    Files.delete(folder);
    return Files.createTempDirectory(other, "thrum-");
  }

  /// Where the child is to come.
  ///
  /// @return the socket's path
  public Path socket() {
    return socket;
  }

  /// Where it comes in.
  ///
  /// @return the listening channel
  public ServerSocketChannel server() {
    return server;
  }

  @Override
  public void close() throws IOException {
    OPEN.remove(this);
    forget();
    server.close();
  }

  private void forget() {
    try {
      Files.deleteIfExists(socket);
      Files.deleteIfExists(socket.resolveSibling(""));
    } catch (IOException _) {
      // the child may have done it
    }
  }
}
