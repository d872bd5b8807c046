package shop;

import java.nio.file.Path;

/// The shop over H2, in a file.
final class H2Test extends ShopTests {
  @Override
  String database(Path folder) {
    return Settings.file(folder);
  }
}
