using Pm.Cli.Commands.Blobs;
using Pm.Cli.Commands.Configuration;
using Pm.Cli.Commands.House;
using Pm.Cli.Commands.Keys;
using Pm.Cli.Commands.Packages;
using Pm.Cli.Commands.Projects;
using Pm.Cli.Commands.Publishing;
using Pm.Cli.Commands.Remotes;
using Pm.Cli.Commands.Repositories;
using Pm.Cli.Commands.Roots;
using Pm.Cli.Commands.Running;
using Pm.Cli.Commands.Serving;
using Pm.Cli.Commands.Tokens;

namespace Pm.Cli.Commands;

/// <summary>Every command by its words. A command that is not here does not exist.</summary>
static class CommandTable
{
    public static IReadOnlyList<CommandGroup> Groups { get; } =
    [
        new("remote", "where packages come from", "remotes"),
        new("pkg", "make, check and take apart package files", "package"),
        new("key", "the keys that sign packages, and whom to trust", "keyring"),
        new("repo", "publish packages in a repository", "repository"),
        new("token", "who may publish over the network", "tokens"),
        new("config", "settings, and the files that keep them", "configuration"),
    ];

    public static IReadOnlyList<CommandEntry> Entries { get; } =
    [
        new(CommandTask.Install, "install", "Roots/InstallCommand", InstallCommand.Summary, InstallCommand.Declare, "in", "i"),
        new(CommandTask.Install, "remove", "Roots/RemoveCommand", RemoveCommand.Summary, RemoveCommand.Declare, "rm", "uninstall"),
        new(CommandTask.Install, "run", "Running/RunCommand", RunCommand.Summary, RunCommand.Declare) { StaysSmall = true },
        new(CommandTask.Install, "ps", "Running/PsCommand", PsCommand.Summary, PsCommand.Declare) { StaysSmall = true },
        new(CommandTask.Install, "logs", "Running/LogsCommand", LogsCommand.Summary, LogsCommand.Declare) { StaysSmall = true },
        new(CommandTask.Install, "stop", "Running/StopCommand", StopCommand.Summary, StopCommand.Declare) { StaysSmall = true },
        new(CommandTask.Install, "check", "Running/CheckCommand", CheckCommand.Summary, CheckCommand.Declare),
        new(CommandTask.Install, "fetch", "Running/FetchCommand", FetchCommand.Summary, FetchCommand.Declare),
        new(CommandTask.Install, "bundle", "Running/BundleCommand", BundleCommand.Summary, BundleCommand.Declare),
        new(CommandTask.Install, "update", "Roots/UpdateCommand", UpdateCommand.Summary, UpdateCommand.Declare, "upgrade"),
        new(CommandTask.Install, "autoremove", "Roots/AutoremoveCommand", AutoremoveCommand.Summary, AutoremoveCommand.Declare),
        new(CommandTask.Install, "pin", "Roots/PinCommand", PinCommand.Summary, PinCommand.Declare),
        new(CommandTask.Remotes, "remote add", "Remotes/RemoteAddCommand", RemoteAddCommand.Summary, RemoteAddCommand.Declare, "remote a", "add remote"),
        new(CommandTask.Remotes, "remote list", "Remotes/RemoteListCommand", RemoteListCommand.Summary, RemoteListCommand.Declare, "remote ls"),
        new(CommandTask.Remotes, "remote remove", "Remotes/RemoteRemoveCommand", RemoteRemoveCommand.Summary, RemoteRemoveCommand.Declare, "remote rm"),
        new(CommandTask.Remotes, "remote set", "Remotes/RemoteSetCommand", RemoteSetCommand.Summary, RemoteSetCommand.Declare),
        new(CommandTask.Remotes, "remote trust", "Remotes/RemoteTrustCommand", RemoteTrustCommand.Summary, RemoteTrustCommand.Declare),
        new(CommandTask.Remotes, "pull", "Remotes/PullCommand", PullCommand.Summary, PullCommand.Declare),

        new(CommandTask.Projects, "init", "Projects/InitCommand", InitCommand.Summary, InitCommand.Declare),
        new(CommandTask.Projects, "add", "Projects/AddCommand", AddCommand.Summary, AddCommand.Declare),
        new(CommandTask.Projects, "drop", "Projects/DropCommand", DropCommand.Summary, DropCommand.Declare),
        new(CommandTask.Projects, "get", "Projects/GetCommand", GetCommand.Summary, GetCommand.Declare),
        new(CommandTask.Projects, "lock", "Projects/LockCommand", LockCommand.Summary, LockCommand.Declare),
        new(CommandTask.Projects, "vendor", "Projects/VendorCommand", VendorCommand.Summary, VendorCommand.Declare),
        new(CommandTask.Projects, "tree", "Projects/TreeCommand", TreeCommand.Summary, TreeCommand.Declare),
        new(CommandTask.Projects, "why", "Projects/WhyCommand", WhyCommand.Summary, WhyCommand.Declare),

        new(CommandTask.Look, "search", "Roots/SearchCommand", SearchCommand.Summary, SearchCommand.Declare),
        new(CommandTask.Look, "info", "Roots/InfoCommand", InfoCommand.Summary, InfoCommand.Declare, "show"),
        new(CommandTask.Look, "available", "Roots/AvailableCommand", AvailableCommand.Summary, AvailableCommand.Declare, "av"),
        new(CommandTask.Look, "list", "Roots/ListCommand", ListCommand.Summary, ListCommand.Declare, "ls"),
        new(CommandTask.Look, "files", "Roots/FilesCommand", FilesCommand.Summary, FilesCommand.Declare),
        new(CommandTask.Look, "owns", "Roots/OwnsCommand", OwnsCommand.Summary, OwnsCommand.Declare),
        new(CommandTask.Look, "provides", "Roots/ProvidesCommand", ProvidesCommand.Summary, ProvidesCommand.Declare),
        new(CommandTask.Look, "outdated", "Roots/OutdatedCommand", OutdatedCommand.Summary, OutdatedCommand.Declare),

        new(CommandTask.Undo, "generations", "Roots/GenerationsCommand", GenerationsCommand.Summary, GenerationsCommand.Declare),
        new(CommandTask.Undo, "diff", "Roots/DiffCommand", DiffCommand.Summary, DiffCommand.Declare),
        new(CommandTask.Undo, "rollback", "Roots/RollbackCommand", RollbackCommand.Summary, RollbackCommand.Declare),
        new(CommandTask.Undo, "verify", "Roots/VerifyCommand", VerifyCommand.Summary, VerifyCommand.Declare),
        new(CommandTask.Undo, "recover", "Roots/RecoverCommand", RecoverCommand.Summary, RecoverCommand.Declare),
        new(CommandTask.Undo, "gc", "Roots/GcCommand", GcCommand.Summary, GcCommand.Declare),

        new(CommandTask.Packages, "build", "Projects/BuildCommand", BuildCommand.Summary, BuildCommand.Declare),
        new(CommandTask.Packages, "pkg create", "Packages/CreateCommand", CreateCommand.Summary, CreateCommand.Declare, "pkg c"),
        new(CommandTask.Packages, "pkg sign", "Packages/SignCommand", SignCommand.Summary, SignCommand.Declare),
        new(CommandTask.Packages, "pkg verify", "Packages/VerifyFileCommand", VerifyFileCommand.Summary, VerifyFileCommand.Declare),
        new(CommandTask.Packages, "pkg inspect", "Packages/InspectCommand", InspectCommand.Summary, InspectCommand.Declare),
        new(CommandTask.Packages, "pkg unpack", "Packages/UnpackPackageCommand", UnpackPackageCommand.Summary, UnpackPackageCommand.Declare),
        new(CommandTask.Packages, "pkg convert", "Packages/ConvertCommand", ConvertCommand.Summary, ConvertCommand.Declare),
        new(CommandTask.Packages, "pkg push", "Packages/PushCommand", PushCommand.Summary, PushCommand.Declare),
        new(CommandTask.Packages, "pkg pull", "Packages/PullFileCommand", PullFileCommand.Summary, PullFileCommand.Declare),
        new(CommandTask.Packages, "export", "Running/ExportCommand", ExportCommand.Summary, ExportCommand.Declare),
        new(CommandTask.Packages, "unpack", "Packages/UnpackCommand", UnpackCommand.Summary, UnpackCommand.Declare),
        new(CommandTask.Packages, "merkle", "Blobs/MerkleCommand", MerkleCommand.Summary, MerkleCommand.Declare),

        new(CommandTask.Repositories, "publish", "Publishing/PublishCommand", PublishCommand.Summary, PublishCommand.Declare),
        new(CommandTask.Repositories, "yank", "Publishing/YankCommand", YankCommand.Summary, YankCommand.Declare),
        new(CommandTask.Repositories, "repo init", "Repositories/RepoInitCommand", RepoInitCommand.Summary, RepoInitCommand.Declare),
        new(CommandTask.Repositories, "repo publish", "Repositories/RepoPublishCommand", RepoPublishCommand.Summary, RepoPublishCommand.Declare, "repo p"),
        new(CommandTask.Repositories, "repo list", "Repositories/RepoListCommand", RepoListCommand.Summary, RepoListCommand.Declare, "repo ls"),
        new(CommandTask.Repositories, "repo remove", "Repositories/RepoRemoveCommand", RepoRemoveCommand.Summary, RepoRemoveCommand.Declare, "repo rm"),
        new(CommandTask.Repositories, "repo yank", "Repositories/RepoYankCommand", RepoYankCommand.Summary, RepoYankCommand.Declare),
        new(CommandTask.Repositories, "repo verify", "Repositories/RepoVerifyCommand", RepoVerifyCommand.Summary, RepoVerifyCommand.Declare),
        new(CommandTask.Repositories, "repo refresh", "Repositories/RepoRefreshCommand", RepoRefreshCommand.Summary, RepoRefreshCommand.Declare),
        new(CommandTask.Repositories, "repo key", "Repositories/RepoKeyCommand", RepoKeyCommand.Summary, RepoKeyCommand.Declare),
        new(CommandTask.Repositories, "repo sign", "Repositories/RepoSignCommand", RepoSignCommand.Summary, RepoSignCommand.Declare),
        new(CommandTask.Repositories, "repo trust", "Repositories/RepoTrustCommand", RepoTrustCommand.Summary, RepoTrustCommand.Declare),
        new(CommandTask.Repositories, "repo index", "Repositories/RepoIndexCommand", RepoIndexCommand.Summary, RepoIndexCommand.Declare),
        new(CommandTask.Repositories, "repo audit", "Repositories/RepoAuditCommand", RepoAuditCommand.Summary, RepoAuditCommand.Declare),
        new(CommandTask.Repositories, "token create", "Tokens/TokenCreateCommand", TokenCreateCommand.Summary, TokenCreateCommand.Declare),
        new(CommandTask.Repositories, "token list", "Tokens/TokenListCommand", TokenListCommand.Summary, TokenListCommand.Declare, "token ls"),
        new(CommandTask.Repositories, "token revoke", "Tokens/TokenRevokeCommand", TokenRevokeCommand.Summary, TokenRevokeCommand.Declare, "token rm"),
        new(CommandTask.Repositories, "token login", "Tokens/TokenLoginCommand", TokenLoginCommand.Summary, TokenLoginCommand.Declare, "login"),
        new(CommandTask.Repositories, "token logout", "Tokens/TokenLogoutCommand", TokenLogoutCommand.Summary, TokenLogoutCommand.Declare, "logout"),

        new(CommandTask.Repositories, "serve", "Serving/ServeCommand", ServeCommand.Summary, ServeCommand.Declare),

        new(CommandTask.Keys, "key create", "Keys/KeyCreateCommand", KeyCreateCommand.Summary, KeyCreateCommand.Declare, "key c"),
        new(CommandTask.Keys, "key import", "Keys/KeyImportCommand", KeyImportCommand.Summary, KeyImportCommand.Declare, "key i"),
        new(CommandTask.Keys, "key export", "Keys/KeyExportCommand", KeyExportCommand.Summary, KeyExportCommand.Declare, "key e"),
        new(CommandTask.Keys, "key list", "Keys/KeyListCommand", KeyListCommand.Summary, KeyListCommand.Declare, "key ls"),
        new(CommandTask.Keys, "key trust", "Keys/KeyTrustCommand", KeyTrustCommand.Summary, KeyTrustCommand.Declare),
        new(CommandTask.Keys, "key remove", "Keys/KeyRemoveCommand", KeyRemoveCommand.Summary, KeyRemoveCommand.Declare, "key rm"),
        new(CommandTask.Keys, "key sign", "Keys/KeySignCommand", KeySignCommand.Summary, KeySignCommand.Declare, "key s"),
        new(CommandTask.Keys, "key verify", "Keys/KeyVerifyCommand", KeyVerifyCommand.Summary, KeyVerifyCommand.Declare, "key v"),

        new(CommandTask.House, "help", "House/HelpCommand", HelpCommand.Summary, HelpCommand.Declare) { StaysSmall = true },
        new(CommandTask.House, "explain", "House/ExplainCommand", ExplainCommand.Summary, ExplainCommand.Declare) { StaysSmall = true },
        new(CommandTask.House, "config list", "Configuration/ConfigListCommand", ConfigListCommand.Summary, ConfigListCommand.Declare, "config ls") { StaysSmall = true },
        new(CommandTask.House, "config get", "Configuration/ConfigGetCommand", ConfigGetCommand.Summary, ConfigGetCommand.Declare) { StaysSmall = true },
        new(CommandTask.House, "config set", "Configuration/ConfigSetCommand", ConfigSetCommand.Summary, ConfigSetCommand.Declare) { StaysSmall = true },
        new(CommandTask.House, "config unset", "Configuration/ConfigUnsetCommand", ConfigUnsetCommand.Summary, ConfigUnsetCommand.Declare, "config rm") { StaysSmall = true },
        new(CommandTask.House, "doctor", "House/DoctorCommand", DoctorCommand.Summary, DoctorCommand.Declare),
        new(CommandTask.House, "completion", "House/CompletionCommand", CompletionCommand.Summary, CompletionCommand.Declare) { StaysSmall = true },
        new(CommandTask.House, "rpc", "Running/RpcCommand", RpcCommand.Summary, RpcCommand.Declare),
        new(CommandTask.House, "tuf-client", "House/TufClientCommand", TufClientCommand.Summary, TufClientCommand.Declare),
        new(CommandTask.House, "install-links", "House/InstallLinksCommand", InstallLinksCommand.Summary, InstallLinksCommand.Declare) { StaysSmall = true },
        new(CommandTask.House, "version", "House/VersionCommand", VersionCommand.Summary, VersionCommand.Declare) { StaysSmall = true },

        new(CommandTask.Hidden, "__manuals", "", "", ManualsCommand.Declare),
    ];

    /// <summary>The commands of a group, in the order of the table.</summary>
    public static IEnumerable<CommandEntry> Verbs(CommandGroup group) =>
        Entries.Where(e => e.Words.StartsWith(group.Word + " ", StringComparison.Ordinal));

    /// <summary>The group that a first word names, or null.</summary>
    public static CommandGroup? Group(string word) =>
        Groups.FirstOrDefault(g => g.Word == word || g.Aliases.Contains(word));

    /// <summary>The command that complete words name, or null.</summary>
    public static CommandEntry? Find(string words)
    {
        var space = words.IndexOf(' ', StringComparison.Ordinal);
        var canonical = space > 0 && Group(words[..space]) is { } group ? group.Word + words[space..] : words;
        return Entries.FirstOrDefault(e => e.Words == canonical || e.Aliases.Contains(canonical));
    }
}
