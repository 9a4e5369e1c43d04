from omc_qa.cli import main

main()
