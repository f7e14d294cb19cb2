namespace Pm.Resolution;

/// <summary>Which of several versions that fit is taken.</summary>
public enum VersionChoice
{
    Newest,

    /// <summary>The oldest: so that a lower bound is seen to hold.</summary>
    Minimal,
}
