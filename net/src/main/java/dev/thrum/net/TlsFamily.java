package dev.thrum.net;

import dev.thrum.internal.Offload;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Settings that were made from one another and have read files. They are reloaded together: who
/// has handed settings to a server, which changes them, still reloads what the server uses.
///
/// Files are read one at a time, by threads that may wait for each other.
final class TlsFamily {
  private final ReentrantLock reading = new ReentrantLock();
  private final Set<TlsContext> users = Collections.newSetFromMap(new WeakHashMap<>());

  /// What a context is to become.
  private record Change(TlsContext user, SslContext next) {}

  /// Reads the files for the first time. It blocks.
  void prepare(TlsContext user) throws IOException {
    reading.lock();
    try {
      if (!user.isMade()) {
        user.become(user.make());
        users.add(user);
      }
    } finally {
      reading.unlock();
    }
  }

  /// Reads the files of all anew, and changes nothing if one of them is wrong.
  void reload() throws IOException {
    Offload.call("reloading TLS", Offload.OnCancel.WAIT, Offload.valued(this::readAgain));
  }

  private void readAgain() throws IOException {
    reading.lock();
    try {
      List<Change> changes = new ArrayList<>();
      for (TlsContext user : List.copyOf(users)) {
        changes.add(new Change(user, user.make()));
      }
      changes.forEach(one -> one.user().become(one.next()));
    } finally {
      reading.unlock();
    }
  }
}
