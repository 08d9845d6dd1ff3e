;; Hands over a session where a checker is due.
;;@ unprepared
  (func $unprepared (result i32)
    (i32.store8 (i32.const 0) (i32.const 0))
    (i32.store (i32.const 4) (call $new_session (i32.const 1)))
    (i32.const 0))
