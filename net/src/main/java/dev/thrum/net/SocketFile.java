package dev.thrum.net;

import java.io.IOException;
import java.net.BindException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// The file of a Unix socket: whose it is, and who may remove it.
final class SocketFile {
  private final Path path;
  private @Nullable Object key;

  SocketFile(UnixDomainSocketAddress address) {
    this.path = address.getPath();
  }

  /// Removes a file that nobody listens to. It may wait, for a connection that is refused.
  ///
  /// @throws BindException if it is no socket, or somebody listens
  void removeIfDead() throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!attributes().isOther()) {
      throw new BindException(path + " is there and is no socket; choose another path");
    }
    if (somebodyListens()) {
      throw new BindException("another process listens on " + path);
    }
    var _ = Files.deleteIfExists(path);
  }

  private boolean somebodyListens() {
    try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// Remembers the file as it is now.
  void remember() throws IOException {
    key = attributes().fileKey();
  }

  /// Removes it if it still is the one that was remembered.
  void removeIfOurs() throws IOException {
    Object ours = key;
    if (ours != null
        && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && ours.equals(attributes().fileKey())) {
      var _ = Files.deleteIfExists(path);
    }
  }

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
