package dev.thrum.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Where a browser is opened.
class BrowserTest {

  @Test
  void onlyWhereThereIsADesktop() {
    assertEquals(Optional.of("open"), Browser.opener("Mac OS X", Map.of()));
    assertEquals(Optional.of("xdg-open"), Browser.opener("Linux", Map.of("DISPLAY", ":0")));
    assertEquals(
        Optional.of("xdg-open"), Browser.opener("Linux", Map.of("WAYLAND_DISPLAY", "wayland-0")));
    assertEquals(Optional.empty(), Browser.opener("Linux", Map.of("TERM", "xterm")));
  }
}
