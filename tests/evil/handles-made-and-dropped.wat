;; Makes and drops sessions for ever.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (loop $for_ever (call $drop_session (call $new_session (i32.const 1))) (br $for_ever)) unreachable)
;;@ more imports
  (import "[export]restem:reward/scorer@0.1.0" "[resource-drop]session" (func $drop_session (param i32)))
