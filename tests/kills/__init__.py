"""Short kill runs: processes, and the database server, are killed while people talk and are asked."""
