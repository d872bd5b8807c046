package dev.thrum.cli.serve;

import dev.thrum.web.App;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A method without parameters, or a field, that has an application.
///
/// @param type the class that is asked, which may have inherited it
/// @param member the method or field
record AppMember(Class<?> type, Member member) {

  /// Those of a class, its own before those that it inherits.
  static List<AppMember> of(Class<?> type) {
    List<AppMember> all = new ArrayList<>();
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      Stream.<Member>concat(
              Arrays.stream(each.getDeclaredMethods())
                  .filter(it -> it.getParameterCount() == 0 && it.getReturnType() == App.class),
              Arrays.stream(each.getDeclaredFields()).filter(it -> it.getType() == App.class))
          .filter(it -> !it.isSynthetic() && !Modifier.isAbstract(it.getModifiers()))
          .map(it -> new AppMember(type, it))
          .forEach(all::add);
    }
    return all;
  }

  String name() {
    return member.getName();
  }

  /// Whether there is an object to ask, if one is needed.
  boolean canBeAsked() {
    return Modifier.isStatic(member.getModifiers())
        || (!Modifier.isAbstract(type.getModifiers())
            && Arrays.stream(type.getDeclaredConstructors())
                .anyMatch(it -> it.getParameterCount() == 0));
  }
}
