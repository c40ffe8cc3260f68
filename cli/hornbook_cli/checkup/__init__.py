"""What `hornbook doctor` looks at, a module a part. Nothing here imports Keras, a backend, a plugin or a tracker."""
