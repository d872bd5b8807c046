package dev.thrum.net;

import dev.thrum.internal.Lane;
import dev.thrum.internal.Offload;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/// Names to addresses, by the system's resolver, beside the loop.
final class Resolver {
  private Resolver() {}

  static List<InetAddress> resolve(String host) throws IOException {
    if (isLiteral(host)) {
      return List.of(InetAddress.ofLiteral(host));
    }
    try {
      return List.of(
          Offload.call(
              Lane.LOOKUPS,
              "looking up " + host,
              Offload.OnCancel.ABANDON,
              () -> InetAddress.getAllByName(host)));
    } catch (UnknownHostException e) {
      throw Failures.unknownHost(host, e);
    }
  }

  private static boolean isLiteral(String host) {
    try {
      var _ = InetAddress.ofLiteral(host);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /// The two families by turns, so that one that does not work costs one attempt; else in the order
  /// in which the resolver prefers them.
  static List<InetAddress> interleaved(List<InetAddress> all) {
    List<InetAddress> first = new ArrayList<>();
    List<InetAddress> second = new ArrayList<>();
    boolean sixFirst = all.getFirst() instanceof Inet6Address;
    for (InetAddress one : all) {
      (one instanceof Inet6Address == sixFirst ? first : second).add(one);
    }
    List<InetAddress> mixed = new ArrayList<>(all.size());
    for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
      if (i < first.size()) {
        mixed.add(first.get(i));
      }
      if (i < second.size()) {
        mixed.add(second.get(i));
      }
    }
    return mixed;
  }
}
