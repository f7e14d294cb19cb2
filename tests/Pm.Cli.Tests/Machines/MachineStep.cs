namespace Pm.Cli.Tests.Machines;

sealed record MachineStep(int Exit, string Output, string Errors);
