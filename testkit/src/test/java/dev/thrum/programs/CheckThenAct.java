package dev.thrum.programs;

import static dev.thrum.Async.async;
import static dev.thrum.Async.await;
import static dev.thrum.Async.checkpoint;
import static dev.thrum.Async.gather;
import static dev.thrum.Async.sleep;
import static dev.thrum.programs.Program.check;
import static dev.thrum.programs.Program.failsInFifo;
import static dev.thrum.programs.Program.passesInFifo;
import static java.time.Duration.ofMillis;

import dev.thrum.Task;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Two look, both find that something is to be done, and both do it.
final class CheckThenAct {
  static final List<Program> ALL =
      List.of(
          failsInFifo("lazy_init_twice", "atomicity", CheckThenAct::lazyInitTwice),
          failsInFifo("cache_stampede", "atomicity", CheckThenAct::cacheStampede),
          passesInFifo("token_refresh", "atomicity", CheckThenAct::tokenRefresh),
          failsInFifo("double_release", "resource", CheckThenAct::doubleRelease),
          failsInFifo("reconnect_twice", "resource", CheckThenAct::reconnectTwice),
          passesInFifo("double_checked_init", "order", CheckThenAct::doubleCheckedInit));

  private CheckThenAct() {}

  /// What is made when it is first needed is made twice.
  private static void lazyInitTwice(boolean mended) {
    Guard guard = Guard.lockIf(mended);
    var lazy =
        new Object() {
          boolean there;
          int made;

          void get() {
            guard.around(() -> {
              if (!there) {
                checkpoint();
                made++;
                there = true;
              }
            });
          }
        };
    gather(() -> lazy.get(), () -> lazy.get());
    check(lazy.made == 1, "it is made once");
  }

  /// Everybody who misses the cache loads; mended, all but the first wait for the first one's load.
  private static void cacheStampede(boolean mended) {
    var cache =
        new Object() {
          @Nullable String cached;
          @Nullable Task<String> loading;
          int loads;

          String load() {
            loads++;
            checkpoint();
            return "page";
          }

          String get() {
            String found = cached;
            if (found == null) {
              found = mended ? loadOnce() : load();
              cached = found;
            }
            return found;
          }

          private String loadOnce() {
            Task<String> running = loading;
            if (running == null) {
              running = async(() -> load());
              loading = running;
            }
            return await(running);
          }
        };
    gather(() -> cache.get(), () -> cache.get(), () -> cache.get(), () -> cache.get());
    check(cache.loads == 1, "the page is loaded once");
  }

  /// A token runs out while two requests are about to be sent; both refresh it, but what it is
  /// refreshed with is good for one time only.
  private static void tokenRefresh(boolean mended) {
    Guard guard = Guard.lockIf(mended);
    var token =
        new Object() {
          boolean expired;
          int refreshed;

          void request() {
            sleep(ofMillis(1));
            guard.around(() -> {
              if (expired) {
                checkpoint();
                refreshed++;
                check(refreshed == 1, "a refresh token is used once");
                checkpoint();
                expired = false;
              }
            });
          }
        };
    gather(
        () -> token.request(),
        () -> token.request(),
        () -> {
          sleep(ofMillis(1));
          token.expired = true;
        });
  }

  /// Closing twice at a time gives the slot back twice.
  private static void doubleRelease(boolean mended) {
    var pool =
        new Object() {
          int free;
          boolean released;

          void close() {
            if (!released) {
              if (mended) {
                released = true;
              }
              checkpoint();
              released = true;
              free++;
            }
          }
        };
    gather(() -> pool.close(), () -> pool.close());
    check(pool.free == 1, "a slot is given back once");
  }

  /// Two requests find the connection broken, and each opens a new one; one of them is lost.
  private static void reconnectTwice(boolean mended) {
    Guard guard = Guard.lockIf(mended);
    var client =
        new Object() {
          boolean connected;
          int open;

          void request() {
            guard.around(() -> {
              if (!connected) {
                checkpoint();
                open++;
                connected = true;
              }
            });
            checkpoint();
          }
        };
    gather(() -> client.request(), () -> client.request());
    check(client.open == 1, "one connection is open");
  }

  /// Looked at without the lock and made with it, but shown to the others before it is complete.
  private static void doubleCheckedInit(boolean mended) {
    final class Config {
      int port;
    }
    var lock = new BargingLock();
    var holder =
        new Object() {
          @Nullable Config shared;

          Config get() {
            if (shared == null) {
              lock.around(() -> make());
            }
            return Objects.requireNonNull(shared);
          }

          private void make() {
            if (shared == null) {
              var config = new Config();
              if (!mended) {
                shared = config;
              }
              checkpoint();
              config.port = 80;
              shared = config;
            }
          }
        };
    gather(
        () -> check(holder.get().port == 80, "nobody sees half a configuration"),
        () -> check(holder.get().port == 80, "nobody sees half a configuration"));
  }
}
