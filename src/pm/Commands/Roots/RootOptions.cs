using System.CommandLine;

namespace Pm.Cli.Commands.Roots;

/// <summary>Options that several commands on a root share.</summary>
static class RootOptions
{
    public static Option<bool> Scripts() => new("--scripts")
    {
        Description = "run the scripts of packages whose signer is trusted; a failing one rolls everything back",
    };

    public static Option<bool> AllowUnsigned() => new("--allow-unsigned")
    {
        Description = "let packages in that nobody signed; a bad signature is refused all the same",
    };
}
