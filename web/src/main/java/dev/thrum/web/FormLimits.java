package dev.thrum.web;

import java.util.OptionalLong;

/// How much a form may have that a client sends. As it is put around routes, it counts there:
///
/// ```java
/// app.post("/photos", Photo.class, …).with(FormLimits.STANDARD.withTotal(1L << 30));
/// ```
///
/// It has to be outside of what reads the form, such as [dev.thrum.web.session.Csrf]; the innermost
/// one counts.
///
/// **Errors.** Too many fields or files are a 400, and what is too large is a 413; the answer says
/// which limit it was.
///
/// @param fields how many fields there may be, those with files not among them
/// @param files how many files there may be
/// @param text how many bytes the names and values of all fields may have together
/// @param file how many bytes a file may have
/// @param total how many bytes the whole body of a form in parts may have; empty for as many as the
///   server lets through
/// @param memory how many bytes of all files together are kept in memory; files that have no more
///   room there and more than 4 KiB lie in the folder for temporary files
public record FormLimits(int fields, int files, int text, long file, OptionalLong total, int memory)
    implements Middleware {

  static final Key<FormLimits> KEY = Key.of("limits of forms");

  /// 1,000 fields of 1 MiB together, 100 files of any size, 1 MiB of them in memory, and as much in
  /// all as the server lets through.
  public static final FormLimits STANDARD =
      new FormLimits(1000, 100, 1 << 20, Long.MAX_VALUE, OptionalLong.empty(), 1 << 20);

  /// Limits.
  public FormLimits {
    if (fields < 0 || files < 0 || text < 0 || file < 0 || memory < 0 || total.orElse(0) < 0) {
      throw new IllegalArgumentException("a limit below zero: give zero or more");
    }
  }

  /// The same with another number of fields.
  ///
  /// @param most zero or more
  /// @return limits
  public FormLimits withFields(int most) {
    return new FormLimits(most, files, text, file, total, memory);
  }

  /// The same with another number of files.
  ///
  /// @param most zero or more
  /// @return limits
  public FormLimits withFiles(int most) {
    return new FormLimits(fields, most, text, file, total, memory);
  }

  /// The same with another size of all fields together.
  ///
  /// @param bytes zero or more
  /// @return limits
  public FormLimits withText(int bytes) {
    return new FormLimits(fields, files, bytes, file, total, memory);
  }

  /// The same with another size of each file.
  ///
  /// @param bytes zero or more
  /// @return limits
  public FormLimits withFile(long bytes) {
    return new FormLimits(fields, files, text, bytes, total, memory);
  }

  /// The same with another size of the whole body of a form in parts, also one beyond the server's
  /// limit.
  ///
  /// @param bytes zero or more
  /// @return limits
  public FormLimits withTotal(long bytes) {
    return new FormLimits(fields, files, text, file, OptionalLong.of(bytes), memory);
  }

  /// The same with other room in memory.
  ///
  /// @param bytes zero or more
  /// @return limits
  public FormLimits withMemory(int bytes) {
    return new FormLimits(fields, files, text, file, total, bytes);
  }

  @Override
  public Response handle(Request request, Next next) throws Exception {
    return next.handle(request.set(KEY, this));
  }
}
