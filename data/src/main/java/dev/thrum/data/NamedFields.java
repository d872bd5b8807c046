package dev.thrum.data;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Rows as maps.
final class NamedFields implements CsvShape<Map<String, String>> {
  private List<String> names = List.of();

  @Override
  public boolean[] columns(List<String> columns) {
    names = List.copyOf(columns);
    boolean[] all = new boolean[columns.size()];
    Arrays.fill(all, true);
    return all;
  }

  @Override
  public Map<String, String> make(String[] fields) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i++) {
      row.put(names.get(i), fields[i]);
    }
    return row;
  }
}
