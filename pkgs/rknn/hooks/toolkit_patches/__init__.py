"""What rknn-toolkit2 needs to run on libraries newer than it was made for.

Each file cures one error, which it names, and only where the error is: apply() looks at the thing
itself and returns False where there is nothing to do. `applied` does so for all of them.
"""
