/// Where the components of a record come from, if a handler wants the request as a record.
///
/// ```java
/// record Search(@Query String q, @Default("1") @Min(1) int page, Optional<LocalDate> since) {}
/// record Change(@Path UUID id, @Header String ifMatch, @Body Order order) {}
///
/// app.get("/orders", Search.class, (req, search) -> orders.find(search));
/// app.put("/orders/{id}", Change.class, (req, change) -> orders.change(change));
/// ```
///
/// **Where from.** A record is the body, read as JSON or, if the content type says so, as a form.
/// It is put together from its components if one of them has an annotation of this package other
/// than [dev.thrum.web.bind.Default], or if the method is `GET`, `HEAD` or `DELETE`. A component
/// without an annotation then comes from the path if it is a parameter there; otherwise it is the
/// body if it is a record and the method has one; otherwise it comes from the query.
///
/// A record with a [dev.thrum.web.Upload], or with several in a list, is a form in parts, and what
/// else is in it are fields of that.
///
/// **What must be there.** Everything but an `Optional`, what is `@Nullable` (anybody's annotation
/// of that name that is kept at run time), what has a [dev.thrum.web.bind.Default], and lists
/// outside of JSON, which are empty then.
///
/// **What is right** is said by Jakarta Validation's annotations, such as `@Min(1)`, `@Size(max =
/// 80)` and `Optional<@Positive Integer>`; records within records are checked without `@Valid`, and
/// so are those in lists, arrays, maps, generic records, and what `@JsonTypeInfo` makes one of
/// several. A type in which constraints would not be checked is refused: a class that is no record,
/// one that is read by a deserializer of its own, an interface or abstract class of which it is not
/// known what it is read as, and a `TypeReference` with constraints in itself.
///
/// Whatever is wrong is answered with 422 and a list of all problems: see
/// [dev.thrum.web.ValidationException]. A record that cannot be read at all is an
/// `IllegalArgumentException` when the application begins.
@NullMarked
package dev.thrum.web.bind;

import org.jspecify.annotations.NullMarked;
