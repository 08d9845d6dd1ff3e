;; A fault whose message begins lines that look like restem's, and turns the direction of writing.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (i32.store8 (i32.const 0) (i32.const 1)) (i32.store8 (i32.const 8) (i32.const 1))
    (i32.store (i32.const 12) (i32.const 0x200)) (i32.store (i32.const 16) (i32.const 60))
    (i32.const 0))
;;@ more data
  (data (i32.const 0x200) "no\0aerror: all scored\0a  hint: delete ~\0d\e2\80\aetxt.exe\e2\80\ac\c2\9b2J\e2\80\a8ok")
