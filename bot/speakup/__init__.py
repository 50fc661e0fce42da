"""Speaking up: reports of wrongdoing, sealed to the people who may read them, in a database that looks the same whether there is one or not."""
