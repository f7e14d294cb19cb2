using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pm.Cli.Output;

namespace Pm.Cli.Commands.House;

/// <summary><c>pm version</c>: without options it is answered in <see cref="Program"/>, before there is a parser.</summary>
static class VersionCommand
{
    public const string Summary = "print the release of pm";

    public static CommandDeclaration Declare() => new()
    {
        Takes = CommonOptions.Json,
        MendsConfiguration = true,
        RunAsync = (context, _) => Run(context),
    };

    static ValueTask<ExitCode> Run(PmContext context)
    {
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "version", json =>
            {
                json.WriteStartObject();
                json.WriteString("version"u8, Product.Version);
                json.WriteString("runtime"u8, RuntimeInformation.FrameworkDescription);
                json.WriteString("platform"u8, RuntimeInformation.RuntimeIdentifier);
                json.WriteBoolean("native"u8, !RuntimeFeature.IsDynamicCodeSupported);
                json.WriteEndObject();
            });
        }
        else
        {
            context.Terminal.Output.Write(Product.VersionLine);
        }

        return ValueTask.FromResult(ExitCode.Ok);
    }
}
