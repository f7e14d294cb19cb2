using System.Text;
using Pm.Linux;
using Pm.Remotes.Oci;
using Pm.Trust.Tuf;

namespace Pm.Cli.Registries;

/// <summary>Names and passwords at registries, where the tools of containers keep them: nobody has to say them twice. Sources: docker-config-json(5), containers-auth.json(5).</summary>
static class RegistryLogins
{
    const int LongestFile = 1 << 20;

    /// <summary>Where Docker Hub's are kept, for a reason that nobody remembers.</summary>
    const string HubKey = "https://index.docker.io/v1/";

    /// <summary>Who the user is at a host; null: nobody. A file that is not as it should be says nothing; a program that it names has to answer.</summary>
    /// <exception cref="CommandException">PM6070: it does not.</exception>
    public static OciCredentials? Find(PmContext context, string host)
    {
        foreach (var path in Files(context))
        {
            if (Read(context, path, host) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    static IEnumerable<string> Files(PmContext context)
    {
        if (context.Variable("REGISTRY_AUTH_FILE") is { } named)
        {
            yield return context.FullPath(named);
        }

        if (context.Variable("XDG_RUNTIME_DIR") is { } runtime)
        {
            yield return Path.Join(runtime, "containers/auth.json");
        }

        if ((context.Variable("DOCKER_CONFIG") ?? (context.Variable("HOME") is { } home ? Path.Join(home, ".docker") : null)) is { } docker)
        {
            yield return context.FullPath(Path.Join(docker, "config.json"));
        }
    }

    static OciCredentials? Read(PmContext context, string path, string host)
    {
        var (isHub, keys) = host is "docker.io" or "registry-1.docker.io" or "index.docker.io" ? (true, [host, HubKey]) : (false, new[] { host, $"https://{host}" });
        var (helper, auth) = Said(path, keys);
        return helper is { Length: > 0 } && CredentialProgram.Ask(context, helper, isHub ? HubKey : host, CredentialProgram.MostTime) is { } kept ? kept : auth;
    }

    /// <summary>The program that keeps the password, and the password itself, where the file says so.</summary>
    static (string? Helper, OciCredentials? Auth) Said(string path, string[] keys)
    {
        try
        {
            using var directory = DirectoryHandle.TryOpen(Path.GetDirectoryName(path)!);
            if (directory?.TryReadFile(Path.GetFileName(path), LongestFile) is not { } bytes)
            {
                return default;
            }

            var all = new JsonFields(StrictJson.Parse(bytes, LongestFile, path), path);
            var (helpers, auths) = (all.FindChild("credHelpers"), all.FindChild("auths"));
            return (
                keys.Select(key => helpers?.FindText(key)).OfType<string>().FirstOrDefault() ?? all.FindText("credsStore"),
                keys.Select(key => auths?.FindChild(key)).OfType<JsonFields>().Select(Parse).FirstOrDefault(found => found is not null));
        }
        catch (Exception e) when (e is SystemCallException or MetadataException)
        {
            return default;
        }
    }

    /// <summary>An identity token stands beside what would be the password, and counts before it.</summary>
    static OciCredentials? Parse(JsonFields login) => (login.FindText("identitytoken"), Parse(login.FindText("auth") ?? "")) switch
    {
        ({ Length: > 0 } token, var named) => new OciCredentials(named?.UserName ?? CredentialProgram.OfToken, token) { IsToken = true },
        var (_, named) => named,
    };

    static OciCredentials? Parse(string auth)
    {
        var bytes = new byte[auth.Length];
        if (!Convert.TryFromBase64String(auth, bytes, out var count))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, count);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? new OciCredentials(text[..colon], text[(colon + 1)..].TrimEnd('\0')) : null;
    }
}
