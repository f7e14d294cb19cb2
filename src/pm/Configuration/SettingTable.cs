using System.Diagnostics.CodeAnalysis;
using Pm.Cli.Output;
using Pm.Stages.Hooks;

namespace Pm.Cli.Configuration;

/// <summary>Every setting. Options, variables, files, completion and manuals go by it: one that is not here does not exist.</summary>
static class SettingTable
{
    public static readonly TypedSetting<string> Root = new()
    {
        Name = "root",
        Form = SettingForm.Path,
        Flag = "--root",
        ValueName = "DIR",
        Variables = [new("PM_ROOT")],
        Description = "work on the root DIR",
        Otherwise = "/usr/local for the super-user and ~/.local for others",
        Expected = "the path of a directory",
        Read = SettingText.TryLine,
        Default = c => DefaultPaths.Root(c.EffectiveUserId, c.Environment),
    };

    public static readonly TypedSetting<string> Store = new()
    {
        Name = "store",
        Form = SettingForm.Path,
        ValueName = "DIR",
        Variables = [new("PM_STORE")],
        Description = "where the store of a new root is",
        Otherwise = "/var/lib/pm/store for the super-user and ~/.local/share/pm/store for others",
        Expected = "the path of a directory",
        Read = SettingText.TryLine,
        Default = c => DefaultPaths.Store(c.EffectiveUserId, c.Environment),
    };

    public static readonly TypedSetting<string> Cache = new()
    {
        Name = "cache",
        Form = SettingForm.Path,
        ValueName = "DIR",
        Variables = [new("PM_CACHE")],
        Description = "where sources and builds of projects are kept",
        Otherwise = "/var/cache/pm for the super-user and ~/.cache/pm for others",
        Expected = "the path of a directory",
        Read = SettingText.TryLine,
        Default = c => DefaultPaths.Cache(c.EffectiveUserId, c.Environment),
    };

    public static readonly TypedSetting<bool> NoInput = new()
    {
        Name = "no-input",
        Form = SettingForm.Switch,
        Flag = "--no-input",
        Variables = [Switching("PM_NO_INPUT")],
        InProject = ProjectRule.OnlyTrue,
        Description = "never ask: fail where an answer is needed",
        Otherwise = SettingText.False,
        Expected = "true or false",
        Choices = [SettingText.True, SettingText.False],
        Read = SettingText.TrySwitch,
        Default = _ => SettingText.False,
    };

    public static readonly TypedSetting<TimeSpan> LockTimeout = new()
    {
        Name = "lock-timeout",
        Form = SettingForm.Time,
        Flag = "--lock-timeout",
        ValueName = "TIME",
        Variables = [new("PM_LOCK_TIMEOUT")],
        InProject = ProjectRule.Any,
        Description = "wait so long for another pm to finish: 30s, 5m, 0",
        Otherwise = "1m",
        Expected = SettingText.Time,
        Read = SettingText.TryTime,
        Default = _ => "1m",
    };

    public static readonly TypedSetting<TimeSpan> MinimumAge = new()
    {
        Name = "minimum-age",
        Form = SettingForm.Time,
        Flag = "--minimum-age",
        ValueName = "TIME",
        Variables = [new("PM_MINIMUM_AGE")],
        Description = "choose no version that was published less than TIME ago, unless it is named exactly: 12h, 7d, 0",
        Otherwise = "0",
        Expected = SettingText.Age,
        Read = SettingText.TryAge,
        Default = _ => "0",
    };

    public static readonly TypedSetting<bool> Offline = new()
    {
        Name = "offline",
        Form = SettingForm.Switch,
        Flag = "--offline",
        Variables = [Switching("PM_OFFLINE")],
        InProject = ProjectRule.OnlyTrue,
        Description = "use only what is on this machine",
        Otherwise = SettingText.False,
        Expected = "true or false",
        Choices = [SettingText.True, SettingText.False],
        Read = SettingText.TrySwitch,
        Default = _ => SettingText.False,
    };

    public static readonly TypedSetting<string> Proxy = new()
    {
        Name = "proxy",
        Flag = "--proxy",
        ValueName = "PROXY",
        Variables = [new("PM_PROXY")],
        Description = "go through a proxy: HOST:PORT, a URL, or `none`",
        Otherwise = "http_proxy, https_proxy, all_proxy but for no_proxy",
        Expected = "HOST:PORT, a URL or `none`",
        Read = SettingText.TryLine,
        Show = ProxyText.WithoutPassword,
        Secret = ProxyText.WhyNotInFile,
    };

    public static readonly TypedSetting<string> CertificateFile = new()
    {
        Name = "ca-file",
        Form = SettingForm.Path,
        Flag = "--ca-file",
        ValueName = "FILE",
        Variables = [new("PM_CA_FILE")],
        Description = "believe the authorities of a PEM file in place of the machine's",
        Otherwise = "the machine's",
        Expected = "the path of a file",
        Read = SettingText.TryLine,
    };

    public static readonly TypedSetting<int> Jobs = new()
    {
        Name = "jobs",
        Form = SettingForm.Number,
        Flag = "--jobs",
        ValueName = "N",
        Variables = [new("PM_JOBS")],
        InProject = ProjectRule.Any,
        Description = "have at most N requests under way at once",
        Otherwise = "8",
        Expected = SettingText.Count,
        Read = SettingText.TryCount,
        Default = _ => "8",
    };

    public static readonly TypedSetting<ProgressStyle> Progress = new()
    {
        Name = "progress",
        Flag = "--progress",
        ValueName = "STYLE",
        Variables = [new("PM_PROGRESS")],
        InProject = ProjectRule.Any,
        Description = "show progress as auto, plain, json or none",
        Otherwise = "auto",
        Expected = "auto, plain, json or none",
        Choices = ["auto", "plain", "json", "none"],
        Default = _ => "auto",
        Read = OneOf(("auto", ProgressStyle.Auto), ("plain", ProgressStyle.Plain), ("json", ProgressStyle.Json), ("none", ProgressStyle.None)),
    };

    public static readonly TypedSetting<ColorChoice> Color = new()
    {
        Name = "color",
        Flag = "--color",
        ValueName = "WHEN",
        InProject = ProjectRule.Any,
        Variables =
        [
            new("NO_COLOR") { Meaning = _ => "never" },
            new("CLICOLOR_FORCE") { Meaning = text => text == "0" ? null : "always" },
        ],
        Description = "colour: auto, always or never",
        Otherwise = "auto",
        Expected = "auto, always or never",
        Choices = ["auto", "always", "never"],
        Default = _ => "auto",
        Read = OneOf(("auto", ColorChoice.Auto), ("always", ColorChoice.Always), ("never", ColorChoice.Never)),
    };

    public static readonly TypedSetting<HookPolicy> Scripts = new()
    {
        Name = "scripts",
        ValueName = "RULE",
        Variables = [new("PM_SCRIPTS")],
        Description = "whether scripts of packages with a trusted signer run: never, ask (each is shown first) or allow",
        Otherwise = "never",
        Expected = "never, ask or allow",
        Choices = ["never", "ask", "allow"],
        Default = _ => "never",
        Read = OneOf(("never", HookPolicy.Skip), ("ask", HookPolicy.Ask), ("allow", HookPolicy.Run)),
    };

    public static readonly TypedSetting<string> SigningKey = new()
    {
        Name = "signing-key",
        ValueName = "KEY",
        Variables = [new("PM_PGP_ID"), new("PM_PGP_EMAIL")],
        Description = "the key that signs: a fingerprint, key id or e-mail address; never the key itself",
        Otherwise = "the only one there is",
        Expected = "a fingerprint, key id or e-mail address",
        Read = SettingText.TryLine,
    };

    public static readonly TypedSetting<string> BuildPath = new()
    {
        Name = "build-path",
        Form = SettingForm.Paths,
        ValueName = "DIR:DIR",
        Variables = [new("PM_BUILD_PATH")],
        Description = "where builds find tools, before the usual places",
        Otherwise = "the usual places",
        Expected = "paths of directories with colons between them",
        Read = SettingText.TryLine,
    };

    public static readonly TypedSetting<string> BuildScratch = new()
    {
        Name = "build-scratch",
        Form = SettingForm.Path,
        ValueName = "DIR",
        Variables = [new("PM_BUILD_SCRATCH")],
        Description = "where builds take place",
        Otherwise = "/var/tmp",
        Expected = "the path of a directory",
        Read = SettingText.TryLine,
        Default = _ => "/var/tmp",
    };

    /// <summary>In the order of the manual.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Root, Store, Cache, Scripts, Offline, Proxy, CertificateFile, Jobs, Progress, Color, NoInput, LockTimeout, MinimumAge, SigningKey, BuildPath, BuildScratch,
    ];

    /// <summary>The setting of a key; null: there is none.</summary>
    public static Setting? Find(string name)
    {
        foreach (var setting in All)
        {
            if (setting.Name == name)
            {
                return setting;
            }
        }

        return null;
    }

    static SettingVariable Switching(string name) => new(name) { Meaning = SettingText.OfFlagVariable };

    static SettingReader<T> OneOf<T>(params (string Word, T Value)[] choices) => (string text, [MaybeNullWhen(false)] out T value) =>
    {
        foreach (var choice in choices)
        {
            if (choice.Word == text)
            {
                value = choice.Value;
                return true;
            }
        }

        value = default;
        return false;
    };
}
