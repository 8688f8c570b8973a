"""The promise of a first answer within a minute: its clock, its figures, its alarms."""
