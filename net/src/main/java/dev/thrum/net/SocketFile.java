package dev.thrum.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The file of a Unix socket: whose it is, and who may remove it.
///
/// The socket is bound under another name and gets its own when somebody listens. So a file never
/// leads nowhere, of several that want a name at the same time one gets it, and Netty, which
/// removes what has the name that it has bound, before and after, removes nothing.
final class SocketFile {
  private static final String NO_ROOM = "Resource temporarily unavailable";
  private static final int SHORTEST_NAME = 6;
  private static final int TYPE_OF_FILE = 0xf000;
  private static final int SOCKET = 0xc000;

  private final Path path;

  /// What the socket is bound as.
  private final Path provisional;

  /// What a dead file is called too while it is looked at.
  private final Path aside;

  private @Nullable Object key;

  SocketFile(UnixDomainSocketAddress address) {
    this.path = address.getPath();
    this.provisional = path.resolveSibling(anotherName());
    this.aside = path.resolveSibling(anotherName());
  }

  /// A name as long as the real one, so that the system finds both too long or none.
  private String anotherName() {
    Path own = path.getFileName();
    int length = own == null ? 0 : own.toString().getBytes(UTF_8).length;
    StringBuilder name = new StringBuilder(".");
    while (name.length() < Math.max(SHORTEST_NAME, length)) {
      name.append(Integer.toString(ThreadLocalRandom.current().nextInt(36), 36));
    }
    return name.toString();
  }

  /// Where to bind the socket.
  UnixDomainSocketAddress provisional() {
    return UnixDomainSocketAddress.of(provisional);
  }

  /// Sees to it that the name can be had: removes a socket to which nobody listens. It is not for
  /// the loop's thread.
  ///
  /// @throws BindException if something else is there, or somebody listens
  void makeRoom() throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (path.toString().isEmpty() || folder == null) {
      throw new BindException("a Unix socket needs the path of a file");
    }
    if (!Files.isDirectory(folder)) {
      throw refused("there is no folder " + folder);
    }
    try {
      synchronized (SocketFile.class) {
        removeIfDead();
      }
    } catch (NoSuchFileException _) {
      // The name is free.
    }
  }

  /// Others may see the same dead file, and one of them may be listening by the time it is removed.
  /// So it gets a second name: as long as it has that no other file has its key.
  private void removeIfDead() throws IOException {
    check(path);
    Path dead = canBeCalled(aside) ? aside : path;
    try {
      check(dead);
      if (somebodyListensAt(dead) || !keyOf(dead).equals(keyOf(path))) {
        throw refused("Address already in use; stop who listens there, or choose another path");
      }
      var _ = Files.deleteIfExists(path);
    } finally {
      var _ = Files.deleteIfExists(aside);
    }
  }

  private void check(Path file) throws IOException {
    if (!isSocket(file)) {
      throw refused("there is a file that is no socket; choose another path");
    }
  }

  private boolean canBeCalled(Path name) throws IOException {
    try {
      var _ = Files.createLink(name, path);
      return true;
    } catch (NoSuchFileException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException _) {
      return false; // not all file systems know links
    }
  }

  private BindException refused(String why) {
    return new BindException("listening on " + path + ": " + why);
  }

  private static boolean isSocket(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return attributes(file).isOther();
    }
    int mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & TYPE_OF_FILE) == SOCKET;
  }

  /// Only a refusal says that nobody does. It does not wait: who has no room for one more in its
  /// queue listens.
  private boolean somebodyListensAt(Path file) throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false);
      var _ = probe.connect(UnixDomainSocketAddress.of(file));
      return true;
    } catch (ConnectException _) {
      return false;
    } catch (IOException e) {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      if (NO_ROOM.equals(e.getMessage())) {
        return true;
      }
      throw refused("nobody can tell whether somebody listens there: " + e.getMessage());
    }
  }

  /// Gives the socket its name. By the poller, when it is bound and listens.
  ///
  /// @throws BindException if somebody else has got the name meanwhile
  void publish() throws IOException {
    key = keyOf(provisional);
    if (!rename(provisional, path)) {
      throw refused("Address already in use; somebody else has begun to listen there");
    }
  }

  /// Renames a file, but replaces none.
  ///
  /// @return false if there is one
  private static boolean rename(Path from, Path to) throws IOException {
    try {
      linkOrMove(from, to);
      return true;
    } catch (FileAlreadyExistsException _) {
      return false;
    } finally {
      var _ = Files.deleteIfExists(from);
    }
  }

  private static void linkOrMove(Path from, Path to) throws IOException {
    try {
      var _ = Files.createLink(to, from);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException _) {
      // Not all file systems know links.
      var _ = Files.move(from, to);
    }
  }

  /// Removes it if it still is the one that was published. By the poller, before the socket is
  /// closed: as long as it is open no other file can have the same key.
  void removeIfOurs() throws IOException {
    Object ours = key;
    key = null;
    try {
      if (ours != null && ours.equals(keyOf(path))) {
        var _ = Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException _) {
      // Somebody else has removed it.
    }
  }

  private static Object keyOf(Path file) throws IOException {
    BasicFileAttributes attributes = attributes(file);
    Object key = attributes.fileKey();
    return key != null ? key : attributes.creationTime();
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
