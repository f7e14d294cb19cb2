namespace Pm.Stages.Hooks;

/// <summary>Whether the scripts of packages run.</summary>
public enum HookPolicy
{
    /// <summary>None runs; each is named.</summary>
    Skip,

    /// <summary>Those of packages whose signer is trusted run, when somebody who was shown them says so.</summary>
    Ask,

    /// <summary>Those of packages whose signer is trusted run.</summary>
    Run,
}
