;; Two functions that call each other for ever, through a table.
;;@ deed
  (type $step (func (param i32) (result i32)))
  (table funcref (elem $tick $tock))
  (func $tick (type $step) (i32.add (call_indirect (type $step) (local.get 0) (i32.const 1)) (i32.const 1)))
  (func $tock (type $step) (i32.add (call_indirect (type $step) (local.get 0) (i32.const 0)) (i32.const 1)))
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (call $tick (local.get $length)))
