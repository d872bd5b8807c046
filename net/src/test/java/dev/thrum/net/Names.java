package dev.thrum.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Host names that exist in the tests only. The JDK's resolver asks here first.
public final class Names extends InetAddressResolverProvider {
  private static final String DOMAIN = ".thrum.test";
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Map<String, List<InetAddress>> KNOWN = new ConcurrentHashMap<>();
  private static final Map<String, CountDownLatch> HANGING = new ConcurrentHashMap<>();

  /// A new name with these addresses, in this order.
  public static String of(InetAddress... addresses) {
    String name = "host" + COUNT.incrementAndGet() + DOMAIN;
    KNOWN.put(name, Stream.of(addresses).map(one -> named(name, one)).toList());
    return name;
  }

  private static InetAddress named(String name, InetAddress address) {
    try {
      return InetAddress.getByAddress(name, address.getAddress());
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /// A new name that nobody knows.
  static String unknown() {
    return "unknown" + COUNT.incrementAndGet() + DOMAIN;
  }

  /// A new name whose look-up hangs.
  static String hanging() {
    String name = "hangs" + COUNT.incrementAndGet() + DOMAIN;
    HANGING.put(name, new CountDownLatch(1));
    return name;
  }

  /// Lets its look-up end.
  static void release(String hanging) {
    HANGING.get(hanging).countDown();
  }

  @Override
  public InetAddressResolver get(Configuration configuration) {
    InetAddressResolver builtIn = configuration.builtinResolver();
    return new InetAddressResolver() {
      @Override
      public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
          throws UnknownHostException {
        return host.endsWith(DOMAIN) ? find(host) : builtIn.lookupByName(host, policy);
      }

      @Override
      public String lookupByAddress(byte[] address) throws UnknownHostException {
        return builtIn.lookupByAddress(address);
      }
    };
  }

  private static Stream<InetAddress> find(String host) throws UnknownHostException {
    CountDownLatch latch = HANGING.get(host);
    if (latch != null) {
      await(latch);
    }
    List<InetAddress> known = KNOWN.get(host);
    if (known == null) {
      throw new UnknownHostException(host + ": Name or service not known");
    }
    return known.stream();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError("a look-up that hangs is left alone", e);
    }
  }

  @Override
  public String name() {
    return "names of the tests";
  }
}
