"""One machine: where its data lies, the servers that it starts, the processes that it watches."""
