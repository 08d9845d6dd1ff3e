# expect: exception KeyboardInterrupt 2
raise KeyboardInterrupt
