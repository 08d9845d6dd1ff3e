;; Hands over a checker that it never made.
;;@ unprepared
  (func $unprepared (result i32)
    (i32.store8 (i32.const 0) (i32.const 0))
    (i32.store (i32.const 4) (i32.const 12345))
    (i32.const 0))
