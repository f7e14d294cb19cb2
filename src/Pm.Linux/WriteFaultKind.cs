namespace Pm.Linux;

/// <summary>What a <see cref="WriteFault"/> does when its call comes.</summary>
public enum WriteFaultKind
{
    /// <summary>The call fails with an errno and does nothing.</summary>
    Fail,

    /// <summary>The process ends at once, by SIGKILL, before the call.</summary>
    Kill,

    /// <summary>As <see cref="Kill"/>; but when the call is a write, half of its bytes are written first.</summary>
    Tear,

    /// <summary>The process stops before the call, by SIGSTOP, until somebody lets it go on: what others see then, they see of a writer at work.</summary>
    Stop,
}
