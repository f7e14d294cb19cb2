using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Pm.Cli.Output;
using Pm.Linux;
using Pm.Remotes.Oci;
using Pm.Trust.Tuf;

namespace Pm.Cli.Registries;

/// <summary>
/// A program that keeps passwords for the tools of containers: it is told a server on standard input, and answers in JSON. Source: the README of
/// docker-credential-helpers, "Development".
/// </summary>
static partial class CredentialProgram
{
    const string Prefix = "docker-credential-";

    /// <summary>Said on standard output, with exit code 1, of a server that it does not know.</summary>
    const string Unknown = "credentials not found in native keychain";

    /// <summary>In place of a name: the secret is no password, but what a token is exchanged for.</summary>
    public const string OfToken = "<token>";

    const int LongestAnswer = 64 << 10;

    /// <summary>It may have to ask a person to open a key ring.</summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromMinutes(1);

    /// <summary>Who the user is at a server; null: the program knows nobody there.</summary>
    /// <param name="context">The world.</param>
    /// <param name="name">As the file of settings has it, without what all such programs' names begin with.</param>
    /// <param name="server">The host, or what stands for it.</param>
    /// <param name="most">How long it may take.</param>
    /// <exception cref="CommandException">PM6070: it cannot be asked, or does not answer as it should.</exception>
    public static OciCredentials? Ask(PmContext context, string name, string server, TimeSpan most)
    {
        // A name out of a file must lead to no other program.
        if (!NameForm().IsMatch(name))
        {
            throw Wrong(server, $"`{Hostile.OneLine(name)}` is no name of a program that keeps passwords", "`credHelpers` and `credsStore` take letters, digits and `-`, as in `pass`");
        }

        var program = Prefix + name;
        var result = Run(context, program, server, most);
        if (result.IsSuccess && !result.IsOutputCut)
        {
            return Read(program, server, result.Output);
        }

        return !result.HasTimedOut && !result.IsOutputCut && result.OutputText.Trim() == Unknown ? null : throw Wrong(server, Why(program, result, most), HintOf(program, server));
    }

    static ChildResult Run(PmContext context, string program, string server, TimeSpan most)
    {
        try
        {
            return ChildProcess.Run(
                new ChildOptions
                {
                    FileName = program,
                    Arguments = ["get"],
                    SearchPath = context.Variable("PATH"),
                    Environment = context.Environment,
                    Input = Encoding.UTF8.GetBytes(server + "\n"),
                    OutputLimit = LongestAnswer,
                    EndsAtOutputLimit = true,
                    ErrorLimit = LongestAnswer,
                    Timeout = most,
                },
                context.Cancellation);
        }
        catch (SystemCallException e)
        {
            throw Wrong(server, e.Message, $"install {program}, or take it out of the file; `docker login {server}` keeps a password without it");
        }
    }

    static OciCredentials Read(string program, string server, ReadOnlyMemory<byte> output)
    {
        try
        {
            var fields = new JsonFields(StrictJson.Parse(output.Span, LongestAnswer, program), program);
            var (user, secret) = (fields.Text("Username"), fields.Text("Secret"));
            return user == OfToken ? new OciCredentials(user, secret) { IsToken = true }
                : user.Length > 0 && !user.Contains(':', StringComparison.Ordinal) ? new OciCredentials(user, secret)
                : throw new MetadataException($"{program}.Username: expected a name without a colon");
        }
        catch (MetadataException e)
        {
            throw Wrong(server, $"not what such a program answers: {e.Message}", HintOf(program, server));
        }
    }

    static string Why(string program, ChildResult result, TimeSpan most)
    {
        // Programs of this kind say what is wrong on standard output.
        var said = (result.OutputText + '\n' + result.ErrorText).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
        return result.HasTimedOut ? string.Create(CultureInfo.InvariantCulture, $"{program} gave no answer within {most.TotalSeconds} seconds")
            : result.IsOutputCut ? $"{program} says more than {LongestAnswer} bytes"
            : $"{program}: {(said is null ? $"{result}" : Hostile.OneLine(said))}";
    }

    static string HintOf(string program, string server) => $"`echo {server} | {program} get` shows what it says";

    static CommandException Wrong(string server, string why, string hint) => new(ExitCode.NotPermitted, "PM6070", $"no password for {server}: {why}", hint);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
