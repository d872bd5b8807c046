package dev.thrum.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What files are read as and written, and what is told of those that are damaged.
final class FilesTest {
  @TempDir Path folder;

  record Flight(String origin, Optional<Integer> delay, LocalDate day) {}

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private record Result(List<Object> elements, List<String> letters) {}

  private static <T> Result read(Pipeline<T> pipeline) {
    List<Object> elements = new ArrayList<>();
    List<String> letters = new ArrayList<>();
    var _ =
        pipeline
            .forEach(elements::add)
            .deadLetters(
                new Doing<Letter>(letter -> letters.add(letter.place() + " " + letter.problem())))
            .run();
    return new Result(elements, letters);
  }

  @Test
  void rowsBecomeRecords() throws IOException {
    String csv =
        file(
            "flights.csv",
            "DAY,ignored,Ori_gin,delay\n2001-01-14,x,\"O\"\"RD, Chicago\",25\r\n2001-01-15,,ABQ,\n");
    Result result = read(Csv.read(csv, Flight.class));
    assertEquals(List.of(), result.letters());
    assertEquals(
        List.of(
            new Flight("O\"RD, Chicago", Optional.of(25), LocalDate.of(2001, 1, 14)),
            new Flight("ABQ", Optional.empty(), LocalDate.of(2001, 1, 15))),
        result.elements());
    assertEquals(
        Map.of("DAY", "2001-01-15", "ignored", "", "Ori_gin", "ABQ", "delay", ""),
        read(Csv.read(csv)).elements().getLast());
  }

  @Test
  void badRowsAreToldWithFileLineAndColumn() throws IOException {
    String csv =
        file(
            "bad.csv",
            """
            origin,delay,day
            ORD,1,2001-01-14
            ORD,2
            ORD,late,2001-01-14
            "a
            b",3,2001-01-14
            ORD,4,2001-01-14,more
            ORD,5,2001-02-30
            """);
    Result result = read(Csv.read(csv, Flight.class));
    assertEquals(2, result.elements().size());
    assertEquals(
        List.of(
            "bad.csv:3:2 the row has 2 fields, its first row 3",
            "bad.csv:4:2 delay is no whole number: \"late\"",
            "bad.csv:7:3 the row has 4 fields, its first row 3",
            "bad.csv:8:3 day is no date: \"2001-02-30\""),
        result.letters());
    PipelineException failed =
        assertThrows(
            PipelineException.class, () -> Csv.read(csv, Flight.class).forEach(_ -> {}).run());
    assertTrue(
        failed.getMessage().contains("bad.csv:3:2: the row has 2 fields"), failed.getMessage());
  }

  @Test
  void bytesThatAreNoTextAreTold() throws IOException {
    var bytes = new ByteArrayOutputStream();
    bytes.write("origin,delay,day\nORD,1,2001-01-14\nO".getBytes(StandardCharsets.UTF_8));
    bytes.write(0xff);
    bytes.write("D,1,2001-01-14\nABQ,1,2001-01-14\n".getBytes(StandardCharsets.UTF_8));
    Path csv = Files.write(folder.resolve("latin.csv"), bytes.toByteArray());
    Result result = read(Csv.read(csv.toString(), Flight.class));
    assertEquals(2, result.elements().size());
    assertEquals(List.of("latin.csv:3:1 the field is not UTF-8"), result.letters());
    Result lines = read(Lines.read(csv.toString()));
    assertEquals(3, lines.elements().size());
    assertEquals(List.of("latin.csv:3:2 the line is not UTF-8"), lines.letters());
  }

  @Test
  void linesThatAreTooLongArePassedOver() throws IOException {
    Path csv = folder.resolve("long.csv");
    try (var out = Files.newOutputStream(csv)) {
      out.write("origin,delay,day\nORD,1,2001-01-14\n".getBytes(StandardCharsets.UTF_8));
      byte[] part = new byte[1 << 20];
      Arrays.fill(part, (byte) 'x');
      for (int i = 0; i < 40; i++) {
        out.write(part);
      }
      out.write(",1,2001-01-14\nABQ,1,2001-01-14\n".getBytes(StandardCharsets.UTF_8));
    }
    Result result = read(Csv.read(csv.toString(), Flight.class));
    assertEquals(2, result.elements().size(), result.letters()::toString);
    assertEquals(1, result.letters().size());
    assertTrue(
        result.letters().getFirst().startsWith("long.csv:3:1048576 the line has 41943053 bytes"),
        result.letters()::toString);
    assertEquals(3, read(Lines.read(csv.toString())).elements().size());
  }

  private Path packed(String name, String text, int cut) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    byte[] all = bytes.toByteArray();
    return Files.write(folder.resolve(name), Arrays.copyOf(all, all.length - cut));
  }

  @Test
  void packedFilesAreUnpackedAndWhatIsCutOffIsTold() throws IOException {
    String text = "origin,delay,day\n" + "ORD,1,2001-01-14\n".repeat(20_000);
    var _ = packed("a.csv.gz", text, 0);
    var _ = packed("b.csv.gz", text, 30);
    var _ = packed("c.csv.gz", text, 0);
    Result result = read(Csv.read(folder + "/*.csv.gz", Flight.class));
    assertTrue(result.elements().size() > 40_000, () -> "" + result.elements().size());
    assertTrue(result.elements().size() < 60_000);
    assertEquals(1, result.letters().size());
    assertTrue(
        result.letters().getFirst().matches("b\\.csv\\.gz:\\d+:1 the file is cut off.*"),
        result.letters()::toString);
  }

  @Test
  void jsonLinesAreReadAndWritten() throws IOException {
    String json =
        file(
            "in.jsonl",
            "{\"origin\":\"ORD\",\"delay\":3,\"day\":\"2001-01-14\"}\n\n{\"origin\":\n{\"origin\":\"ABQ\",\"delay\":\"x\"}\n");
    Result result = read(JsonLines.read(json, Flight.class));
    assertEquals(1, result.elements().size());
    assertEquals(2, result.letters().size());
    assertTrue(result.letters().get(0).startsWith("in.jsonl:3:"), result.letters()::toString);
    assertTrue(result.letters().get(1).startsWith("in.jsonl:4:"), result.letters()::toString);
    Path out = folder.resolve("out.jsonl");
    var _ =
        Pipeline.of(new Flight("ORD", Optional.of(3), LocalDate.EPOCH))
            .to(JsonLines.write(out))
            .run();
    assertEquals(
        "{\"origin\":\"ORD\",\"delay\":3,\"day\":\"1970-01-01\"}\n", Files.readString(out));
  }

  record Row(String text, double number, Optional<String> perhaps) {}

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Path out = folder.resolve("new/out.csv");
    List<Row> rows =
        List.of(new Row("a,\"b\"\nc", 1.5, Optional.empty()), new Row("ü", -0.0, Optional.of("x")));
    var _ = Pipeline.of(rows).to(Csv.write(out, Row.class)).run();
    assertEquals("text,number,perhaps\n\"a,\"\"b\"\"\nc\",1.5,\nü,-0.0,x\n", Files.readString(out));
    assertEquals(rows, Csv.read(out.toString(), Row.class).toList());
  }

  @Test
  void aFileHasItsNameOnlyWhenItIsComplete() throws IOException {
    Path out = folder.resolve("out.txt");
    Files.writeString(out, "old");
    Job failing =
        Pipeline.of("a", "b")
            .map(text -> {
              if (text.equals("b")) {
                throw new IOException("no b");
              }
              return text;
            })
            .to(Lines.write(out));
    assertThrows(PipelineException.class, failing::run);
    assertEquals("old", Files.readString(out));
    assertFalse(Files.exists(folder.resolve("out.txt.part")));
    var _ = Pipeline.of("a", "b").to(Lines.write(out)).run();
    assertEquals("a\nb\n", Files.readString(out));
  }

  @Test
  void whatIsNotThereIsSaid() {
    PipelineException failed =
        assertThrows(
            PipelineException.class,
            () -> Lines.read(folder + "/none*.txt").forEach(_ -> {}).run());
    assertTrue(failed.getMessage().contains("no file is named"), failed.getMessage());
    failed =
        assertThrows(
            PipelineException.class, () -> Lines.read(folder + "/none.txt").forEach(_ -> {}).run());
    assertTrue(failed.getMessage().contains("none.txt"), failed.getMessage());
  }

  @Test
  void lettersAreWrittenWithoutCheckpointsToo() throws IOException {
    Path letters = folder.resolve("letters.jsonl");
    var _ =
        Pipeline.of("a", "b", "c")
            .map(text -> {
              throw new IOException(text);
            })
            .forEach(_ -> {})
            .deadLetters(JsonLines.write(letters))
            .run();
    assertEquals(3, Files.readAllLines(letters).size());
  }

  @Test
  void whatIsCutInAQuotedFieldTakesNothingAlong() throws IOException {
    String longField = "x".repeat((1 << 20) + 10);
    String csv =
        file(
            "quoted.csv",
            "origin,delay,day\n\"a\n"
                + longField
                + "\",1,2001-01-14\nORD,2,2001-01-14\nABQ,3,"
                + longField);
    Result result = read(Csv.read(csv, Flight.class));
    assertEquals(
        List.of(new Flight("ORD", Optional.of(2), LocalDate.of(2001, 1, 14))), result.elements());
    assertEquals(2, result.letters().size(), result.letters()::toString);
    assertTrue(result.letters().get(0).startsWith("quoted.csv:2:"), result.letters()::toString);
    assertTrue(result.letters().get(1).startsWith("quoted.csv:5:"), result.letters()::toString);
  }

  @Test
  void whatIsNoCsvIsToldAndTheNextFileIsRead() throws IOException {
    var _ = file("1.csv", "origin,delay,day\n\"OR\"D,1,2001-01-14\n");
    var _ = file("2.csv", "origin,delay,day\r\"ORD,1,2001-01-14\r");
    var _ = file("3.csv", "origin,delay,day\rORD,1,2001-01-14\r");
    Result result = read(Csv.read(folder + "/?.csv", Flight.class));
    assertEquals(2, result.elements().size(), result.letters()::toString);
    assertEquals(1, result.letters().size(), result.letters()::toString);
    assertTrue(result.letters().getFirst().startsWith("2.csv:2:"), result.letters()::toString);
  }

  @Test
  void zstandardIsReadAndItsDamageIsTold() throws IOException {
    byte[] packed =
        com.github.luben.zstd.Zstd.compress(
            "a\nb\n".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    Files.write(folder.resolve("a.zst"), packed);
    Files.write(folder.resolve("b.zst"), Arrays.copyOf(packed, packed.length - 9));
    Result result = read(Lines.read(folder + "/*.zst"));
    assertTrue(result.elements().size() >= 200_000, () -> "" + result.elements().size());
    assertEquals(1, result.letters().size());
    assertTrue(result.letters().getFirst().startsWith("b.zst:"), result.letters()::toString);
  }

  @Test
  void nullIsNoElement() throws IOException {
    String json = file("null.jsonl", "1\nnull\n2\n");
    Result result = read(JsonLines.read(json, Integer.class));
    assertEquals(List.of(1, 2), result.elements());
    assertEquals(List.of("null.jsonl:2:1 it is null"), result.letters());
  }

  @Test
  void badRowsOfATableAreTold() throws IOException {
    String table = file("table.csv", "origin,delay,day\nORD,x,2001-01-14\nABQ,1,2001-01-14\n");
    Result result =
        read(
            Pipeline.of("ORD", "ABQ")
                .join(
                    Csv.read(table, Flight.class),
                    name -> name,
                    Flight::origin,
                    (String name, Optional<Flight> flight) -> name + flight.isPresent()));
    assertEquals(List.of("ORDfalse", "ABQtrue"), result.elements());
    assertEquals(1, result.letters().size());
  }

  @Test
  void whatIsReadIsNotWritten() throws IOException {
    String csv = file("in.csv", "origin,delay,day\n");
    for (String files : List.of(csv, folder + "/*.csv", folder + "/./in.csv")) {
      Pipeline<Flight> pipeline = Csv.read(files, Flight.class).filter(_ -> true);
      assertThrows(
          IllegalArgumentException.class,
          () -> pipeline.to(Csv.write(Path.of(csv), Flight.class)),
          files);
    }
  }

  @Test
  void aFileWithoutAFirstRowIsTold() throws IOException {
    var _ = file("a.csv", "");
    var _ = file("b.csv", "origin,delay,day\nORD,1,2001-01-14\n");
    Result result = read(Csv.read(folder + "/*.csv", Flight.class));
    assertEquals(1, result.elements().size());
    assertEquals(
        List.of("a.csv:1:1 the file is cut off or damaged: it has no first row"), result.letters());
  }

  record Odd(Object anything) {}

  @Test
  void whatCannotBeReadIsSaidBeforeTheRun() throws IOException {
    assertThrows(IllegalArgumentException.class, () -> Csv.read("x.csv", Odd.class));
    String csv = file("short.csv", "origin,day\nORD,2001-01-14\n");
    PipelineException failed =
        assertThrows(
            PipelineException.class, () -> Csv.read(csv, Flight.class).forEach(_ -> {}).run());
    assertTrue(
        failed.getMessage().contains("there is no column for Flight.delay, only [origin, day]"),
        failed.getMessage());
  }
}
