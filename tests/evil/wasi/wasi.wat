;; A reward plugin that asks WASI for what it should not get. The first byte of a completion picks the deed, the rest is a
;; path beneath the first granted directory:
;;
;;   c  reads both clocks twice               r  draws two random numbers
;;   e  counts variables and arguments        n  asks for sockets and an address
;;   s  sleeps for 292 years                  S  sleeps for ever
;;   w  waits for nothing                     h  sets timers without end
;;   x  ends itself                           u  calls what is not served
;;   v  writes on standard error and traps    V  floods standard error
;;   q  looks at the clock for ever           B  asks for 1 GiB of random bytes
;;   o  opens and reads                       O  the same, but follows no symbolic link
;;   W  opens to write                        C  opens to create
;;   d  makes a directory                     D  removes one
;;   k  removes a file                        m  renames to `moved`
;;   y  makes a symbolic link to `/etc`       R  reads one
;;   z  opens, then writes                    t  opens, then cuts
;;   i  size and kind                         l  lists
;;   f  opens again and again
;;
;; It gives every completion 1 and notes what it was told: numbers in hexadecimal, `!` and a letter for an error (`A` is the
;; first code of the interface), `-` where no directory was granted.
;;
;; It is a core module in the canonical ABI of `wasi.wit`; the tests add the component-type section.
(module
  (import "wasi:cli/environment@0.2.3" "get-environment" (func $environment (param i32)))
  (import "wasi:cli/environment@0.2.3" "get-arguments" (func $arguments (param i32)))
  (import "wasi:cli/exit@0.2.3" "exit" (func $exit (param i32)))
  (import "wasi:cli/stderr@0.2.3" "get-stderr" (func $stderr (result i32)))
  (import "wasi:io/streams@0.2.3" "[method]output-stream.blocking-write-and-flush" (func $write_out (param i32 i32 i32 i32)))
  (import "wasi:io/streams@0.2.3" "[method]output-stream.subscribe-later" (func $unserved (param i32)))
  (import "wasi:clocks/wall-clock@0.2.3" "now" (func $wall (param i32)))
  (import "wasi:clocks/monotonic-clock@0.2.3" "now" (func $monotonic (result i64)))
  (import "wasi:clocks/monotonic-clock@0.2.3" "subscribe-duration" (func $timer (param i64) (result i32)))
  (import "wasi:io/poll@0.2.3" "[method]pollable.block" (func $block (param i32)))
  (import "wasi:io/poll@0.2.3" "[resource-drop]pollable" (func $drop_timer (param i32)))
  (import "wasi:io/poll@0.2.3" "poll" (func $poll (param i32 i32 i32)))
  (import "wasi:random/random@0.2.3" "get-random-u64" (func $random (result i64)))
  (import "wasi:random/random@0.2.3" "get-random-bytes" (func $random_bytes (param i64 i32)))
  (import "wasi:sockets/instance-network@0.2.3" "instance-network" (func $network (result i32)))
  (import "wasi:sockets/ip-name-lookup@0.2.3" "resolve-addresses" (func $resolve (param i32 i32 i32 i32)))
  (import "wasi:sockets/tcp-create-socket@0.2.3" "create-tcp-socket" (func $tcp (param i32 i32)))
  (import "wasi:sockets/udp-create-socket@0.2.3" "create-udp-socket" (func $udp (param i32 i32)))
  (import "wasi:filesystem/preopens@0.2.3" "get-directories" (func $directories (param i32)))
  (import "wasi:filesystem/types@0.2.3" "[method]descriptor.open-at" (func $open_at (param i32 i32 i32 i32 i32 i32 i32)))
  (import "wasi:filesystem/types@0.2.3" "[method]descriptor.read" (func $read (param i32 i64 i64 i32)))
  (import "wasi:filesystem/types@0.2.3" "[method]descriptor.write" (func $write (param i32 i32 i32 i64 i32)))
  (import "wasi:filesystem/types@0.2.3" "[method]descriptor.set-size" (func $set_size (param i32 i64 i32)))
  (import "wasi:filesystem/types@0.2.3" "[method]descriptor.create-directory-at" (func $create_directory (param i32 i32 i32 i32)))
  (import "wasi:filesystem/types@0.2.3" "[method]descriptor.remove-directory-at" (func $remove_directory (param i32 i32 i32 i32)))
  (import "wasi:filesystem/types@0.2.3" "[method]descriptor.unlink-file-at" (func $unlink (param i32 i32 i32 i32)))
  (import "wasi:filesystem/types@0.2.3" "[method]descriptor.rename-at" (func $rename (param i32 i32 i32 i32 i32 i32 i32)))
  (import "wasi:filesystem/types@0.2.3" "[method]descriptor.symlink-at" (func $symlink (param i32 i32 i32 i32 i32 i32)))
  (import "wasi:filesystem/types@0.2.3" "[method]descriptor.readlink-at" (func $readlink (param i32 i32 i32 i32)))
  (import "wasi:filesystem/types@0.2.3" "[method]descriptor.stat" (func $stat (param i32 i32)))
  (import "wasi:filesystem/types@0.2.3" "[method]descriptor.metadata-hash" (func $hash (param i32 i32)))
  (import "wasi:filesystem/types@0.2.3" "[method]descriptor.read-directory" (func $read_directory (param i32 i32)))
  (import "wasi:filesystem/types@0.2.3" "[method]directory-entry-stream.read-directory-entry" (func $next (param i32 i32)))
  (import "[export]restem:reward/scorer@0.1.0" "[resource-new]session" (func $new_session (param i32) (result i32)))
  (import "[export]restem:reward/scorer@0.1.0" "[resource-new]checker" (func $new_checker (param i32) (result i32)))

  (memory (export "memory") 4)
  ;; Memory that the host asks for is taken from 0x20000 on, the note is written from 0x10000 on.
  (global $free (mut i32) (i32.const 0x20000))
  (global $note (mut i32) (i32.const 0x10000))

  (data (i32.const 0x300) "evil-wasi")
  (data (i32.const 0x310) "6.6.6")
  (data (i32.const 0x320) "{\"type\":\"object\"}")
  (data (i32.const 0x340) "boom: all is lost\0aat line 7")
  (data (i32.const 0x360) "example.org")
  (data (i32.const 0x370) "moved")
  (data (i32.const 0x380) "/etc")

  (func (export "cabi_realloc") (param $old i32) (param $had i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get $size)))
    (local.get $at))

  (func (export "restem:reward/scorer@0.1.0#describe") (result i32)
    (i32.store (i32.const 0) (i32.const 0x300)) (i32.store (i32.const 4) (i32.const 9))
    (i32.store (i32.const 8) (i32.const 0x310)) (i32.store (i32.const 12) (i32.const 5))
    (i32.store8 (i32.const 16) (i32.const 0))
    (f64.store (i32.const 24) (f64.const 0)) (f64.store (i32.const 32) (f64.const 1))
    (i32.store (i32.const 40) (i32.const 0x320)) (i32.store (i32.const 44) (i32.const 17))
    (i32.const 0))

  (func (export "restem:reward/scorer@0.1.0#[static]session.open") (param i32 i32) (result i32)
    (i32.store8 (i32.const 0) (i32.const 0))
    (i32.store (i32.const 4) (call $new_session (i32.const 1)))
    (i32.const 0))

  (func (export "restem:reward/scorer@0.1.0#[method]session.prepare")
    (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
    (i32.store8 (i32.const 0) (i32.const 0))
    (i32.store (i32.const 4) (call $new_checker (i32.const 1)))
    (i32.const 0))

  ;; Writing the note.

  (func $char (param $c i32)
    (i32.store8 (global.get $note) (local.get $c))
    (global.set $note (i32.add (global.get $note) (i32.const 1))))

  (func $text (param $at i32) (param $length i32)
    (memory.copy (global.get $note) (local.get $at) (local.get $length))
    (global.set $note (i32.add (global.get $note) (local.get $length))))

  (func $digits (param $n i64)
    (local $digit i32)
    (if (i64.ge_u (local.get $n) (i64.const 16)) (then (call $digits (i64.shr_u (local.get $n) (i64.const 4)))))
    (local.set $digit (i32.wrap_i64 (i64.and (local.get $n) (i64.const 15))))
    (call $char (i32.add (local.get $digit)
      (select (i32.const 87) (i32.const 48) (i32.gt_u (local.get $digit) (i32.const 9))))))

  (func $number (param $n i64)
    (call $digits (local.get $n))
    (call $char (i32.const 32)))

  ;; The code in the byte at `$at`.
  (func $code (param $at i32)
    (call $char (i32.const 33))
    (call $char (i32.add (i32.const 65) (i32.load8_u (local.get $at)))))

  ;; A result at 0x100 without a value; its code is in the byte at `$at`.
  (func $done (param $at i32)
    (if (i32.load8_u (i32.const 0x100)) (then (call $code (local.get $at))) (else (call $char (i32.const 61)))))

  ;; The first granted directory, or -1.
  (func $directory (result i32)
    (call $directories (i32.const 0x100))
    (if (result i32) (i32.load (i32.const 0x104))
      (then (i32.load (i32.load (i32.const 0x100))))
      (else (i32.const -1))))

  ;; Opens, and notes the error if there is one: -1.
  (func $open (param $path i32) (param $length i32) (param $follow i32) (param $how i32) (param $flags i32) (result i32)
    (local $directory i32)
    (local.set $directory (call $directory))
    (if (i32.eq (local.get $directory) (i32.const -1)) (then (call $char (i32.const 45)) (return (i32.const -1))))
    (call $open_at (local.get $directory) (local.get $follow) (local.get $path) (local.get $length)
      (local.get $how) (local.get $flags) (i32.const 0x100))
    (if (i32.load8_u (i32.const 0x100)) (then (call $code (i32.const 0x104)) (return (i32.const -1))))
    (i32.load (i32.const 0x104)))

  (func $show (param $file i32)
    (if (i32.eq (local.get $file) (i32.const -1)) (then (return)))
    (call $read (local.get $file) (i64.const 64) (i64.const 0) (i32.const 0x100))
    (if (i32.load8_u (i32.const 0x100)) (then (call $code (i32.const 0x104)) (return)))
    (call $text (i32.load (i32.const 0x104)) (i32.load (i32.const 0x108))))

  (func $describe_file (param $file i32)
    (if (i32.eq (local.get $file) (i32.const -1)) (then (return)))
    (call $stat (local.get $file) (i32.const 0x100))
    (call $number (i64.extend_i32_u (i32.load8_u (i32.const 0x108))))
    (call $number (i64.load (i32.const 0x110)))
    (call $number (i64.load (i32.const 0x118)))
    (call $number (i64.extend_i32_u (i32.load8_u (i32.const 0x120))))
    (call $number (i64.extend_i32_u (i32.load8_u (i32.const 0x138))))
    (call $number (i64.extend_i32_u (i32.load8_u (i32.const 0x150))))
    (call $hash (local.get $file) (i32.const 0x100))
    (call $number (i64.load (i32.const 0x108))))

  (func $list (param $directory i32)
    (local $stream i32)
    (if (i32.eq (local.get $directory) (i32.const -1)) (then (return)))
    (call $read_directory (local.get $directory) (i32.const 0x100))
    (if (i32.load8_u (i32.const 0x100)) (then (call $code (i32.const 0x104)) (return)))
    (local.set $stream (i32.load (i32.const 0x104)))
    (loop $again
      (call $next (local.get $stream) (i32.const 0x100))
      (if (i32.load8_u (i32.const 0x104))
        (then
          (call $digits (i64.extend_i32_u (i32.load8_u (i32.const 0x108))))
          (call $text (i32.load (i32.const 0x10c)) (i32.load (i32.const 0x110)))
          (call $char (i32.const 32))
          (br $again)))))

  (func $flood (param $path i32) (param $length i32)
    (local $opened i64)
    (loop $again
      (if (i32.ne (call $open (local.get $path) (local.get $length) (i32.const 1) (i32.const 0) (i32.const 1)) (i32.const -1))
        (then (local.set $opened (i64.add (local.get $opened) (i64.const 1))) (br $again))))
    (call $number (local.get $opened)))

  (func $sleep (param $nanoseconds i64)
    (local $timer i32)
    (local.set $timer (call $timer (local.get $nanoseconds)))
    (call $block (local.get $timer))
    (call $drop_timer (local.get $timer)))

  (func $answer (result i32)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 48))
    (f64.store (i32.const 8) (f64.const 1))
    (i32.store8 (i32.const 28) (i32.const 1))
    (i32.store (i32.const 32) (i32.const 0x10000))
    (i32.store (i32.const 36) (i32.sub (global.get $note) (i32.const 0x10000)))
    (i32.const 0))

  (func (export "restem:reward/scorer@0.1.0#[method]checker.score")
    (param $self i32) (param $completion i32) (param $length i32) (result i32)
    (local $deed i32) (local $path i32) (local $file i32)
    (local.set $deed (i32.load8_u (local.get $completion)))
    (local.set $path (i32.add (local.get $completion) (i32.const 1)))
    (local.set $length (i32.sub (local.get $length) (i32.const 1)))
    (global.set $note (i32.const 0x10000))
    (if (i32.eq (local.get $deed) (i32.const 99)) (then (call $wall (i32.const 0x100)) (call $number (i64.load (i32.const 0x100)))
      (call $wall (i32.const 0x100)) (call $number (i64.load (i32.const 0x100)))
      (call $number (call $monotonic)) (call $number (call $monotonic)) (return (call $answer))))  ;; c
    (if (i32.eq (local.get $deed) (i32.const 114)) (then (call $number (call $random)) (call $number (call $random)) (return (call $answer))))  ;; r
    (if (i32.eq (local.get $deed) (i32.const 101)) (then (call $environment (i32.const 0x100)) (call $number (i64.load32_u (i32.const 0x104)))
      (call $arguments (i32.const 0x100)) (call $number (i64.load32_u (i32.const 0x104))) (return (call $answer))))  ;; e
    (if (i32.eq (local.get $deed) (i32.const 110)) (then (call $tcp (i32.const 0) (i32.const 0x100)) (call $done (i32.const 0x104))
      (call $udp (i32.const 1) (i32.const 0x100)) (call $done (i32.const 0x104))
      (call $resolve (call $network) (i32.const 0x360) (i32.const 11) (i32.const 0x100)) (call $done (i32.const 0x104)) (return (call $answer))))  ;; n
    (if (i32.eq (local.get $deed) (i32.const 115)) (then (call $sleep (i64.const 0x7fffffffffffffff)) (call $number (call $monotonic)) (return (call $answer))))  ;; s
    (if (i32.eq (local.get $deed) (i32.const 83)) (then (loop $again (call $sleep (i64.const 1000000000)) (br $again)) (return (call $answer))))  ;; S
    (if (i32.eq (local.get $deed) (i32.const 119)) (then (call $poll (i32.const 0) (i32.const 0) (i32.const 0x100)) (return (call $answer))))  ;; w
    (if (i32.eq (local.get $deed) (i32.const 104)) (then (loop $again (drop (call $timer (i64.const 1))) (br $again)) (return (call $answer))))  ;; h
    (if (i32.eq (local.get $deed) (i32.const 120)) (then (call $exit (i32.const 1)) (return (call $answer))))  ;; x
    (if (i32.eq (local.get $deed) (i32.const 117)) (then (call $unserved (call $stderr)) (return (call $answer))))  ;; u
    (if (i32.eq (local.get $deed) (i32.const 118)) (then (call $write_out (call $stderr) (i32.const 0x340) (i32.const 27) (i32.const 0x100)) unreachable (return (call $answer))))  ;; v
    (if (i32.eq (local.get $deed) (i32.const 86)) (then (local.set $file (call $stderr))
      (loop $again (call $write_out (local.get $file) (i32.const 0x10000) (i32.const 4096) (i32.const 0x100)) (br $again)) (return (call $answer))))  ;; V
    (if (i32.eq (local.get $deed) (i32.const 113)) (then (loop $again (br_if $again (i64.ne (call $monotonic) (i64.const 0)))) (return (call $answer))))  ;; q
    (if (i32.eq (local.get $deed) (i32.const 66)) (then (call $random_bytes (i64.const 0x40000000) (i32.const 0x100)) (return (call $answer))))  ;; B
    (if (i32.eq (local.get $deed) (i32.const 111)) (then (call $show (call $open (local.get $path) (local.get $length) (i32.const 1) (i32.const 0) (i32.const 1))) (return (call $answer))))  ;; o
    (if (i32.eq (local.get $deed) (i32.const 79)) (then (call $show (call $open (local.get $path) (local.get $length) (i32.const 0) (i32.const 0) (i32.const 1))) (return (call $answer))))  ;; O
    (if (i32.eq (local.get $deed) (i32.const 87)) (then (call $show (call $open (local.get $path) (local.get $length) (i32.const 1) (i32.const 0) (i32.const 3))) (return (call $answer))))  ;; W
    (if (i32.eq (local.get $deed) (i32.const 67)) (then (call $show (call $open (local.get $path) (local.get $length) (i32.const 1) (i32.const 1) (i32.const 1))) (return (call $answer))))  ;; C
    (if (i32.eq (local.get $deed) (i32.const 100)) (then (call $create_directory (call $directory) (local.get $path) (local.get $length) (i32.const 0x100)) (call $done (i32.const 0x101)) (return (call $answer))))  ;; d
    (if (i32.eq (local.get $deed) (i32.const 68)) (then (call $remove_directory (call $directory) (local.get $path) (local.get $length) (i32.const 0x100)) (call $done (i32.const 0x101)) (return (call $answer))))  ;; D
    (if (i32.eq (local.get $deed) (i32.const 107)) (then (call $unlink (call $directory) (local.get $path) (local.get $length) (i32.const 0x100)) (call $done (i32.const 0x101)) (return (call $answer))))  ;; k
    (if (i32.eq (local.get $deed) (i32.const 109)) (then (local.set $file (call $directory))
      (call $rename (local.get $file) (local.get $path) (local.get $length) (local.get $file) (i32.const 0x370) (i32.const 5) (i32.const 0x100)) (call $done (i32.const 0x101)) (return (call $answer))))  ;; m
    (if (i32.eq (local.get $deed) (i32.const 121)) (then (call $symlink (call $directory) (i32.const 0x380) (i32.const 4) (local.get $path) (local.get $length) (i32.const 0x100)) (call $done (i32.const 0x101)) (return (call $answer))))  ;; y
    (if (i32.eq (local.get $deed) (i32.const 82)) (then (call $readlink (call $directory) (local.get $path) (local.get $length) (i32.const 0x100))
      (if (i32.load8_u (i32.const 0x100)) (then (call $code (i32.const 0x104)))
        (else (call $text (i32.load (i32.const 0x104)) (i32.load (i32.const 0x108))))) (return (call $answer))))  ;; R
    (if (i32.eq (local.get $deed) (i32.const 122)) (then (call $write (call $open (local.get $path) (local.get $length) (i32.const 1) (i32.const 0) (i32.const 1)) (local.get $path) (local.get $length) (i64.const 0) (i32.const 0x100)) (call $done (i32.const 0x108)) (return (call $answer))))  ;; z
    (if (i32.eq (local.get $deed) (i32.const 116)) (then (call $set_size (call $open (local.get $path) (local.get $length) (i32.const 1) (i32.const 0) (i32.const 1)) (i64.const 0) (i32.const 0x100)) (call $done (i32.const 0x101)) (return (call $answer))))  ;; t
    (if (i32.eq (local.get $deed) (i32.const 105)) (then (call $describe_file (call $open (local.get $path) (local.get $length) (i32.const 1) (i32.const 0) (i32.const 1))) (return (call $answer))))  ;; i
    (if (i32.eq (local.get $deed) (i32.const 108)) (then (call $list (call $open (local.get $path) (local.get $length) (i32.const 1) (i32.const 0) (i32.const 1))) (return (call $answer))))  ;; l
    (if (i32.eq (local.get $deed) (i32.const 102)) (then (call $flood (local.get $path) (local.get $length)) (return (call $answer))))  ;; f
    unreachable)
)
