using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Remotes;
using Pm.Remotes.Publishing;
using Pm.Repositories.Tokens;
using Pm.Stages.Publishing;

namespace Pm.Cli.Commands.Publishing;

/// <summary>How a command that asks a pmd for something gets its token, and where it may send it.</summary>
/// <param name="otherwise">Where the token comes from without <c>--token-file</c>.</param>
sealed class ServerOptions(string otherwise = "PM_TOKEN, then what `pm token login` keeps")
{
    const int MaximumFile = 4096;

    const string HowToGet = "`pm token create` prints one where the repository is, in one line";

    readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = $"read the token from FILE, - for standard input (default: {otherwise})",
        HelpName = "FILE",
    };

    readonly Option<bool> _allowHttp = new("--allow-http") { Description = "send the token over http too, where anybody on the way reads it" };

    public IReadOnlyList<Option> All => [_tokenFile, _allowHttp];

    /// <summary>What to ask the repository at <paramref name="url"/> with.</summary>
    /// <exception cref="CommandException">PM1162: there is no token.</exception>
    /// <exception cref="RemoteException">PM6002, PM6052: a token is not sent there.</exception>
    public PublishingClient Open(PmContext context, ParseResult parsed, RemoteUrl url)
    {
        // Before any secret is read.
        var http = HttpAccess.Settings(context);
        PublishingAddress.Require(url, parsed.Given(_allowHttp), http.Proxies);
        return new PublishingClient(url, Token(context, parsed, url), http);
    }

    /// <summary>A token from the file or standard input that was named, or from a person at the terminal.</summary>
    public string Ask(PmContext context, ParseResult parsed, RemoteUrl url)
    {
        PublishingAddress.Require(url, parsed.Given(_allowHttp), HttpAccess.Settings(context).Proxies);
        var text = parsed.Given(_tokenFile) is { } file ? Read(context, file)
            : context.Terminal.InputIsTerminal ? Prompt.Secret(context, $"token for {url}:", "--token-file FILE")
            : context.Terminal.ReadLine();
        return Checked(text, parsed.Given(_tokenFile) ?? "standard input");
    }

    string Token(PmContext context, ParseResult parsed, RemoteUrl url)
    {
        if (parsed.Given(_tokenFile) is { } file)
        {
            return Checked(Read(context, file), file);
        }

        if (context.Variable("PM_TOKEN") is { } variable)
        {
            return Checked(variable, "PM_TOKEN");
        }

        using var session = RootAccess.TryOpen(context);
        return (session is null ? null : TokenFile.Load(session.Root).Find(url)) ?? throw new CommandException(
            ExitCode.NotPermitted, "PM1162", $"no token for {url}", $"pm token login {url}");
    }

    /// <summary>The text is in no message: it may be a secret all the same.</summary>
    static string Checked(string? text, string source) => TokenSecret.TryParse(text?.Trim(), out var secret) ? secret.Text
        : throw new CommandException(ExitCode.NotPermitted, "PM1162", $"{source} holds no token: {WhyNot(text?.Trim() ?? "")}", HowToGet);

    /// <summary>Most are cut off or mistyped: then the digits at the end do not fit.</summary>
    static string WhyNot(string text) => TokenSecret.HasForm(text)
        ? "its last 6 letters and digits check the others, and do not fit: it is mistyped"
        : "expected pm_ and 49 letters and digits";

    static string Read(PmContext context, string file)
    {
        if (file == "-")
        {
            return context.Terminal.ReadLine() ?? "";
        }

        using var stream = Packages.InputFile.Open(context, file);
        var buffer = new byte[MaximumFile];
        return System.Text.Encoding.UTF8.GetString(buffer, 0, stream.ReadAtLeast(buffer, MaximumFile, throwOnEndOfStream: false));
    }
}
