package dev.thrum.internal.process;

import static java.nio.charset.StandardCharsets.UTF_8;

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
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      return open(server);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static Rendezvous open(ServerSocketChannel server) throws IOException {
    Rendezvous opened = new Rendezvous(server, folder().resolve("socket"));
    OPEN.add(opened);
    try {
      server.bind(UnixDomainSocketAddress.of(opened.socket)).configureBlocking(false);
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
    if (fits(folder) || !Files.isWritable(other)) {
      return folder;
    }
    Files.delete(folder);
    return Files.createTempDirectory(other, "thrum-");
  }

  /// The system counts bytes. In UTF-8 a path is hardly ever shorter than in what it uses.
  static boolean fits(Path folder) {
    return folder.toString().getBytes(UTF_8).length <= LONGEST_PATH;
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
